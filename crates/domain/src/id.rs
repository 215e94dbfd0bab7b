//! Typed ids in the TypeID form (<https://github.com/jetify-com/typeid>): a prefix, `_`, and a UUID in 26
//! characters of Crockford base32. The same text stands in GraphQL, REST, logs and the command line.

use std::{fmt, hash::Hash, marker::PhantomData, str::FromStr};
use uuid::Uuid;

/// A kind of thing that has ids.
pub trait Prefixed: 'static {
    /// What stands before the `_`.
    const PREFIX: &'static str;
}

/// The id of a `K`. Two ids of different kinds do not mix, by type.
pub struct Id<K>(Uuid, PhantomData<fn() -> K>);

impl<K> Id<K> {
    pub const fn new(uuid: Uuid) -> Self {
        Self(uuid, PhantomData)
    }

    pub const fn uuid(&self) -> Uuid {
        self.0
    }
}

impl<K> Clone for Id<K> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<K> Copy for Id<K> {}
impl<K> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<K> Eq for Id<K> {}
impl<K> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<K> Ord for Id<K> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}
impl<K> Hash for Id<K> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl<K> Default for Id<K> {
    fn default() -> Self {
        Self::new(Uuid::nil())
    }
}
impl<K: Prefixed> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
impl<K: Prefixed> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(K::PREFIX)?;
        f.write_str("_")?;
        f.write_str(&encode(self.0))
    }
}
impl<K: Prefixed> serde::Serialize for Id<K> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de, K: Prefixed> serde::Deserialize<'de> for Id<K> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// The text is not an id of the kind that was expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", crate::id::expected(.expected))]
pub struct MalformedId {
    pub expected: &'static str,
}

impl<K: Prefixed> FromStr for Id<K> {
    type Err = MalformedId;

    fn from_str(text: &str) -> Result<Self, MalformedId> {
        match text.split_once('_') {
            Some((prefix, suffix)) if prefix == K::PREFIX => decode(suffix).map(Self::new),
            _ => None,
        }
        .ok_or(MalformedId { expected: K::PREFIX })
    }
}

/// How an id with a prefix looks.
pub fn expected(prefix: &str) -> String {
    format!("expected an id that starts with '{prefix}_' and has 26 base32 characters after it")
}

/// Splits any id into its prefix and UUID; the prefix is not checked against the known kinds.
pub fn split(text: &str) -> Option<(&str, Uuid)> {
    let (prefix, suffix) = text.split_once('_')?;
    Some((prefix, decode(suffix)?))
}

/// Writes a UUID with a prefix, for where the kind is only known at run time.
pub fn join(prefix: &str, uuid: Uuid) -> String {
    format!("{prefix}_{}", encode(uuid))
}

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

fn encode(uuid: Uuid) -> String {
    let value = uuid.as_u128();
    (0..26).rev().map(|group| ALPHABET[(value >> (group * 5)) as usize & 31] as char).collect()
}

fn decode(text: &str) -> Option<Uuid> {
    let bytes = text.as_bytes();
    // 26 groups of 5 bits hold 130: the first may use only its lower three.
    if bytes.len() != 26 || bytes[0] > b'7' {
        return None;
    }
    let mut value = 0u128;
    for byte in bytes {
        let digit = ALPHABET.iter().position(|letter| letter == byte)?;
        value = (value << 5) | digit as u128;
    }
    Some(Uuid::from_u128(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Thing;
    impl Prefixed for Thing {
        const PREFIX: &'static str = "thing";
    }

    #[test]
    fn the_specification_example_round_trips() {
        // From the TypeID specification's valid.json: "prefix_01h455vb4pex5vsknk084sn02q".
        let uuid: Uuid = "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap();
        let id = Id::<Thing>::new(uuid);
        assert_eq!(id.to_string(), "thing_01h455vb4pex5vsknk084sn02q");
        assert_eq!(id.to_string().parse(), Ok(id));
    }

    #[test]
    fn other_prefixes_lengths_letters_and_overflows_are_refused() {
        for bad in [
            "cop_01h455vb4pex5vsknk084sn02q",
            "thing_01h455vb4pex5vsknk084sn02",
            "thing_01H455VB4PEX5VSKNK084SN02Q",
            "thing_81h455vb4pex5vsknk084sn02q",
            "thing_01h455vb4pex5vsknk084sn0é",
            "01h455vb4pex5vsknk084sn02q",
            "",
        ] {
            assert_eq!(bad.parse::<Id<Thing>>(), Err(MalformedId { expected: "thing" }), "{bad}");
        }
    }
}
