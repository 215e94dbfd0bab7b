//! Files: their bytes are kept outside the database, in parts that never change, and a row names its parts. A part is
//! written before the row that names it, so a crash leaves at most parts that no row names, which [`sweep`] removes.

pub mod sweep;
pub mod upload;

use crate::{Fault, Id, Result, ctx::Ctx, organisation::Organisation, ports::Place};
use serde::{Deserialize, Serialize};
use sha2::{
    Digest, Sha256,
    digest::common::hazmat::{SerializableState, SerializedState},
};
use std::ops::Range;
use uuid::Uuid;

/// Bytes of one file at most: 1 GiB.
pub const BYTES: i64 = 1 << 30;
/// Files of one version of an artefact at most.
pub const PER_ARTEFACT: usize = 50;
/// Uploads that are not attached, at most: of a person, or of an organisation as its own token sees them.
pub const OPEN_UPLOADS: usize = 100;
/// Bytes that these announce together, at most: 10 GiB.
pub const OPEN_BYTES: i64 = 10 << 30;
/// Bytes of one part: what a server holds of an upload.
pub const PART: usize = 4 << 20;
/// Bytes of one part that is sent to the store directly.
pub const DIRECT_PART: i64 = 16 << 20;
/// How long the address for such a part is good, in minutes.
pub const DIRECT_MINUTES: i64 = 15;
/// Parts of one file at most: what comes in very small pieces is refused.
pub const PARTS: usize = 4_096;
/// Bytes that are read from the store at a time.
const PIECE: u64 = 1 << 20;
/// How long an upload waits to be attached, in hours.
pub const HOURS: i64 = 24;

/// A part of a file, as its row names it: its id in the store, and its length.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Part(pub Uuid, pub u64);

/// Where the parts of a file are.
pub fn places(tenant: Id<Organisation>, file: Uuid, parts: &[Part]) -> Vec<Place> {
    parts.iter().map(|part| Place { tenant, file, part: part.0 }).collect()
}

/// The bytes of a file, a piece at a time.
#[derive(Debug)]
pub struct Reading {
    pieces: std::vec::IntoIter<(Place, Range<u64>)>,
}

impl Reading {
    /// Of these bytes of the file, which are within it.
    pub fn of(tenant: Id<Organisation>, file: Uuid, parts: &[Part], bytes: Range<u64>) -> Self {
        let (mut pieces, mut start) = (vec![], 0);
        for part in parts {
            let end = start + part.1;
            let (mut from, to) = (bytes.start.max(start), bytes.end.min(end));
            while from < to {
                let next = to.min(from + PIECE);
                pieces.push((Place { tenant, file, part: part.0 }, from - start..next - start));
                from = next;
            }
            start = end;
        }
        Self { pieces: pieces.into_iter() }
    }

    /// The next piece; none at the end.
    pub async fn next(&mut self, ctx: &Ctx) -> Result<Option<Vec<u8>>, Fault> {
        match self.pieces.next() {
            Some((place, range)) => ctx.files.get(place, range).await.map(Some),
            None => Ok(None),
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A SHA-256 that goes on where an earlier request, or another server, has left it.
struct Checksum(Sha256);

impl Checksum {
    /// Goes on from what [`Checksum::kept`] said; from the start where there is nothing yet.
    fn resumed(kept: Option<&str>) -> Result<Self, Fault> {
        let Some(kept) = kept else { return Ok(Self(Sha256::new())) };
        let broken = || Fault::new("the checksum of an upload cannot be gone on with");
        let bytes: Option<Vec<u8>> =
            (0..kept.len()).step_by(2).map(|at| u8::from_str_radix(kept.get(at..at + 2)?, 16).ok()).collect();
        let state = SerializedState::<Sha256>::try_from(bytes.ok_or_else(broken)?.as_slice()).map_err(|_| broken())?;
        Sha256::deserialize(&state).map(Self).map_err(|_| broken())
    }

    fn take(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn kept(&self) -> String {
        hex(&self.0.serialize())
    }

    fn done(self) -> String {
        hex(&self.0.finalize())
    }
}

/// What is not known, and what a browser might run: it is saved, and never shown.
pub const UNKNOWN: &str = "application/octet-stream";
/// Kinds of plain text that do nothing, so the sender's word is taken for which of them it is.
const TEXTS: &[&str] = &["text/csv", "text/markdown"];
const TEXT: &str = "text/plain";

/// The type of a file by how it begins. What a browser might run (HTML, SVG and other XML, scripts, programs) is
/// [`UNKNOWN`], whatever it is called.
fn sniffed(start: &[u8], name: &str, declared: Option<&str>) -> &'static str {
    let ending = name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    let runs =
        ["htm", "html", "xhtml", "xht", "shtml", "svg", "svgz", "xml", "xsl", "xslt", "mht", "mhtml", "js", "mjs"];
    if runs.contains(&ending.as_str()) {
        return UNKNOWN;
    }
    if let Some(known) = infer::get(start) {
        use infer::MatcherType::{App, Text};
        return if matches!(known.matcher_type(), App | Text) { UNKNOWN } else { known.mime_type() };
    }
    // Where a part ends within a letter, what is before it is looked at.
    let text = match std::str::from_utf8(start) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => std::str::from_utf8(&start[..error.valid_up_to()]).unwrap_or("\0"),
        Err(_) => return UNKNOWN,
    };
    let begins = text.trim_start_matches('\u{feff}').trim_start();
    let control = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}');
    if begins.starts_with('<') || begins.starts_with("#!") || text.contains(control) {
        return UNKNOWN;
    }
    TEXTS.iter().copied().find(|one| declared == Some(*one)).unwrap_or(TEXT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checksum_goes_on_where_it_was_left() {
        let mut first = Checksum::resumed(None).unwrap();
        first.take(b"ab");
        let mut second = Checksum::resumed(Some(&first.kept())).unwrap();
        second.take(b"c");
        // From FIPS 180-2, appendix B.1.
        assert_eq!(second.done(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert!(Checksum::resumed(Some("00")).is_err());
        assert!(Checksum::resumed(Some("é")).is_err());
    }

    #[test]
    fn the_type_is_what_the_bytes_say() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
        for (start, name, declared, expected) in [
            (&png[..], "x.png", None, "image/png"),
            (png, "x.pdf", Some("application/pdf"), "image/png"),
            (b"%PDF-1.7\n", "x.bin", None, "application/pdf"),
            (b"<!DOCTYPE html><p>", "x.txt", Some("text/plain"), UNKNOWN),
            (b"  <svg xmlns='http://www.w3.org/2000/svg'>", "x.png", Some("image/png"), UNKNOWN),
            (b"<?xml version='1.0'?>", "x", None, UNKNOWN),
            (b"#!/bin/sh\n", "x", None, UNKNOWN),
            (b"alert(1)", "x.js", Some("text/plain"), UNKNOWN),
            (b"MZ\x90\0", "x.png", Some("image/png"), UNKNOWN),
            (b"a;b\n1;2\n", "x.csv", Some("text/csv"), "text/csv"),
            (b"a;b\n1;2\n", "x.csv", Some("text/html"), TEXT),
            ("één\u{e9}".as_bytes(), "x.txt", None, TEXT),
            (&"één".as_bytes()[..4], "x.txt", None, TEXT),
            (b"\0\x01\x02", "x.txt", Some("text/plain"), UNKNOWN),
            (b"\xff\xfe\xff", "x.txt", Some("text/plain"), UNKNOWN),
        ] {
            assert_eq!(sniffed(start, name, declared), expected, "{name} {:?}", String::from_utf8_lossy(start));
        }
    }

    #[test]
    fn a_range_is_read_in_pieces_of_its_parts() {
        let id = Uuid::from_u128;
        let parts = [Part(id(1), 10), Part(id(2), PIECE + 5), Part(id(3), 3)];
        let read = |bytes: Range<u64>| {
            let reading = Reading::of(Id::default(), id(9), &parts, bytes);
            reading.pieces.map(|(place, range)| (place.part.as_u128(), range)).collect::<Vec<_>>()
        };
        let all = 10 + PIECE + 5 + 3;
        assert_eq!(read(0..all), [(1, 0..10), (2, 0..PIECE), (2, PIECE..PIECE + 5), (3, 0..3)]);
        assert_eq!(read(9..11), [(1, 9..10), (2, 0..1)]);
        assert_eq!(read(all - 1..all), [(3, 2..3)]);
        assert_eq!(read(5..5), []);
    }
}
