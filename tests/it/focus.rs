//! What two worlds differ by: the ids, keys and cursors of rows that one of them has and the other has not, or has
//! otherwise. Found through those who see all of it.

use crate::{
    harness::{World, camel},
    requests::order_of,
};
use evolva_api::contract;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// A text that no row has.
pub const NOWHERE: &str = "nergens";

/// What the worlds that are compared differ by, to be asked for by name.
#[derive(Default, Debug)]
pub struct Focus {
    /// Ids of rows that are there in one world only, by prefix.
    pub added: BTreeMap<String, Vec<String>>,
    /// Ids of rows that are there in both and differ.
    pub changed: BTreeMap<String, Vec<String>>,
    /// Those rows as their list shows them, by its path.
    pub rows: BTreeMap<String, Vec<Value>>,
    /// Artefacts whose publications differ.
    pub published: BTreeSet<String>,
    /// Who wrote what differs.
    pub authors: BTreeSet<String>,
    /// Cursors of such rows, by the field of their list and its order.
    pub cursors: BTreeMap<(String, String), String>,
}

pub fn absent(prefix: &str) -> String {
    format!("{prefix}_01h455vb4pex5vsknk084sn02q")
}

impl Focus {
    /// One id of each sort, or one that no row has.
    pub fn ids(&self, prefix: &str) -> Vec<String> {
        let one = |of: &BTreeMap<String, Vec<String>>| of.get(prefix).and_then(|ids| ids.last()).cloned();
        let ids: Vec<_> = [one(&self.added), one(&self.changed)].into_iter().flatten().collect();
        if ids.is_empty() { vec![absent(prefix)] } else { ids }
    }

    /// All ids of a kind that differ, or one that no row has.
    pub fn all_ids(&self, prefix: &str) -> Vec<String> {
        let ids: Vec<_> = [&self.added, &self.changed].into_iter().filter_map(|of| of.get(prefix)).flatten().collect();
        if ids.is_empty() { vec![absent(prefix)] } else { ids.into_iter().cloned().collect() }
    }

    /// What of it is hidden as a whole from who sees these ids: of what they see, they may not see all.
    pub fn hidden(&self, seen: &BTreeSet<String>) -> Self {
        let ids = |of: &BTreeMap<String, Vec<String>>| {
            let rest = |ids: &Vec<String>| ids.iter().filter(|id| !seen.contains(*id)).cloned().collect();
            of.iter().map(|(prefix, ids)| (prefix.clone(), rest(ids))).collect()
        };
        let rows = |rows: &Vec<Value>| {
            let hidden = rows.iter().filter(|row| !seen.contains(row["id"].as_str().unwrap()));
            hidden.cloned().collect()
        };
        Self {
            added: ids(&self.added),
            changed: ids(&self.changed),
            rows: self.rows.iter().map(|(list, all)| (list.clone(), rows(all))).collect(),
            published: self.published.clone(),
            authors: self.authors.clone(),
            cursors: self.cursors.clone(),
        }
    }

    pub fn is_added(&self, id: &str) -> bool {
        self.added.get(&id[..3]).is_some_and(|ids| ids.iter().any(|one| one == id))
    }

    /// Ids that a list can be filtered by: what rows that differ refer to, else what differs itself.
    pub fn filtered(&self, list: &str, filter: &str, prefix: &str) -> BTreeSet<String> {
        let rows = self.rows.get(list).into_iter().flatten();
        let owner = ["organisationId", "hostId"].contains(&filter) && list != "/participations";
        let named = rows.filter_map(|row| row[if owner { "ownerId" } else { filter }].as_str());
        let mut ids: BTreeSet<_> = named.map(str::to_owned).take(2).collect();
        ids.extend(self.authors.iter().filter(|_| filter == "authorId").take(2).cloned());
        if ids.is_empty() {
            ids.extend(self.ids(prefix));
        }
        ids
    }

    /// Texts by which rows that differ would be found.
    pub fn texts(&self, list: &str, field: &str, only_added: bool) -> BTreeSet<String> {
        // People are found by the strengths of their projects.
        let list = if field == "strength" { "/front-runner-projects" } else { list };
        let rows = self.rows.get(list).into_iter().flatten();
        let rows = rows.filter(|row| !only_added || self.is_added(row["id"].as_str().unwrap()));
        let values = rows.filter_map(|row| match field {
            "tag" => row["tags"][0].as_str(),
            "strength" => row["strengths"][0].as_str(),
            field => row[field].as_str(),
        });
        values.map(str::to_owned).take(2).chain([NOWHERE.to_owned()]).collect()
    }
}

impl Focus {
    /// Words that rows have by which the worlds differ, in what a search looks through; the longest first.
    pub fn words(&self) -> Vec<String> {
        let mut all = BTreeSet::new();
        for list in ["/artefacts", "/cops", "/sessions", "/themes"] {
            for row in self.rows.get(list).into_iter().flatten() {
                let texts = ["title", "summary", "body", "description", "place", "happened", "learned"];
                let texts = texts.iter().filter_map(|name| row[*name].as_str());
                let tags = row["tags"].as_array().into_iter().flatten().filter_map(Value::as_str);
                let words = texts.chain(tags).flat_map(|text| text.split(|c: char| !c.is_alphanumeric()));
                all.extend(words.filter(|word| word.chars().count() > 1).map(str::to_owned));
            }
        }
        all.insert(NOWHERE.to_owned());
        let mut all: Vec<_> = all.into_iter().collect();
        all.sort_by_key(|word| std::cmp::Reverse(word.len()));
        all.truncate(30);
        all
    }
}

/// The rows of all lists that somebody sees, by the path of their list and their id.
pub async fn rows(world: &World, token: &str) -> BTreeMap<(String, String), Value> {
    let mut all = BTreeMap::new();
    for list in contract::lists() {
        let answer = world.get(&format!("/api/v1{}?first=100", list.path), Some(token)).await;
        for row in answer.json()["items"].as_array().into_iter().flatten() {
            all.insert((list.path.to_owned(), row["id"].as_str().unwrap().to_owned()), row.clone());
        }
    }
    all
}

/// Ids that no list has: of agreements and of versions; and those of authors.
async fn below(world: &World, token: &str) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    for query in [
        "{ charters(first: 60) { nodes { agreements(first: 20) { nodes { id } } } } }",
        "{ artefacts(first: 60) { nodes { versions(first: 10) { nodes { id } } authors(first: 10) { nodes { id } } } } }",
    ] {
        let text = world.gql(Some(token), query, json!({})).await.text;
        assert!(!text.contains("\"errors\""), "{text}");
        ids.extend(text.split('"').filter(|part| evolva_domain::id::split(part).is_some()).map(str::to_owned));
    }
    ids
}

/// What two worlds differ by, as those see it who see all of it.
pub async fn focus_of(worlds: [&World; 2], seers: &[&str]) -> Focus {
    let mut focus = Focus::default();
    for token in seers {
        let (one, other) = (rows(worlds[0], token).await, rows(worlds[1], token).await);
        for ((list, id), row) in other {
            let before = one.get(&(list.clone(), id.clone()));
            if before == Some(&row) {
                continue;
            }
            let ids = if before.is_none() { &mut focus.added } else { &mut focus.changed };
            let ids = ids.entry(id[..3].to_owned()).or_default();
            let rows = focus.rows.entry(list).or_default();
            if !ids.contains(&id) {
                ids.push(id);
                rows.push(row);
            } else if let Some(known) = rows.iter_mut().find(|known| known["id"] == row["id"]) {
                // Not everybody who sees a row sees all that it refers to.
                let (known, row) = (known.as_object_mut().unwrap(), row.as_object().unwrap());
                let fuller = row.iter().filter(|(_, value)| !value.is_null());
                for (name, value) in fuller.filter(|(name, _)| known[*name].is_null()).collect::<Vec<_>>() {
                    known.insert(name.clone(), value.clone());
                }
            }
        }
        let (one, other) = (below(worlds[0], token).await, below(worlds[1], token).await);
        let (authors, other): (BTreeSet<_>, BTreeSet<_>) = other.into_iter().partition(|id| id.starts_with("per_"));
        focus.authors.extend(authors.difference(&one).cloned());
        for id in other.difference(&one) {
            focus.added.entry(id[..3].to_owned()).or_default().push(id.clone());
        }
        cursors(worlds[1], token, &mut focus).await;
    }
    let publications = focus.rows.get("/publications").into_iter().flatten();
    focus.published = publications.map(|row| row["artefactId"].as_str().unwrap().to_owned()).collect();
    // Everybody sees the organisations: by whose rows differ, others may ask.
    let owners = focus.rows.values().flatten().map(|row| row["ownerId"].as_str().unwrap().to_owned());
    let owners: BTreeSet<_> = owners.collect();
    focus.changed.entry("org".into()).or_default().extend(owners);
    focus
}

/// Cursors of what differs, in each order of its list.
async fn cursors(world: &World, token: &str, focus: &mut Focus) {
    let document: Value = serde_json::from_str(&contract::openapi()).unwrap();
    for list in contract::lists().into_iter().filter(|list| focus.rows.contains_key(list.path)) {
        let path = format!("/api/v1{}", list.path);
        let parameters = document["paths"][&path]["get"]["parameters"].as_array().unwrap();
        let sorts = &parameters.iter().find(|one| one["name"] == "sort").unwrap()["schema"]["enum"];
        for sort in sorts.as_array().unwrap() {
            let (field, order) = (camel(list.names.0), order_of(sort.as_str().unwrap()));
            let query = format!("{{ {field}(first: 100, orderBy: {order}) {{ edges {{ cursor node {{ id }} }} }} }}");
            let answer = world.gql(Some(token), &query, json!({})).await.json();
            let rows = &focus.rows[list.path];
            let edges = answer["data"][&field]["edges"].as_array().into_iter().flatten();
            let edge = edges.into_iter().find(|edge| rows.iter().any(|row| row["id"] == edge["node"]["id"]));
            if let Some(edge) = edge {
                let cursor = edge["cursor"].as_str().unwrap().to_owned();
                focus.cursors.insert((field, order), cursor);
            }
        }
    }
}

/// The latest own row of each kind that somebody may use, and for its list its key.
pub async fn own_of(world: &World, token: &str) -> BTreeMap<String, String> {
    let viewer = world.get("/api/v1/viewer", Some(token)).await.json();
    let mut own = BTreeMap::new();
    for ((list, id), row) in rows(world, token).await {
        if row["ownerId"] == viewer["organisationId"] {
            if let Some(key) = row["externalId"].as_str() {
                own.insert(list, key.to_owned());
            }
            own.insert(id[..3].to_owned(), id);
        }
    }
    own
}
