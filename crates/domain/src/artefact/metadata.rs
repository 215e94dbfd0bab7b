//! What is published of an artefact, as schema.org's `LearningResource` in JSON-LD, with the fields of the profile AMB
//! (<https://w3id.org/kim/amb/>), so that other catalogues can take it over.

use super::{Artefact, ArtefactVersion, Attachment, attachment, authors_of};
use crate::{
    Error, Id, Result,
    concept::ConceptElement,
    ctx::Ctx,
    error::Language,
    organisation::Organisation,
    person::Person,
    publication::{Publication, PublicationState},
    query::{Query, Rows, Select},
    record::{Field, Labelled, Record},
    scope::{Scope, TenantScope},
};
use serde_json::{Map, Value, json};

const CONTEXT: &str = "https://w3id.org/kim/amb/context.jsonld";

/// The version that goes out, with all that is said of it.
struct Published {
    publication: Publication,
    version: ArtefactVersion,
    files: Vec<Attachment>,
    /// Who wrote it, where the asker sees the artefact and it still says what the version says.
    authors: Vec<Id<Person>>,
    /// The elements that it is about, known as the authors are.
    elements: Vec<Id<ConceptElement>>,
}

/// The latest version that is published and that the asker is shown; `NotFound` where there is none. `base` is the
/// address that clients know the API by.
pub async fn metadata(ctx: &Ctx, scope: &TenantScope, id: Id<Artefact>, base: &str) -> Result<Value> {
    scope.require(Scope::ArtefactsRead)?;
    let published = published(ctx, scope, id).await?;
    let authors = people(ctx, scope, &published.authors).await?;
    let owner = match scope.holds(Scope::OrganisationsRead) {
        true => ctx.store.look(scope).await?.find::<Organisation>(published.version.tenant_id).await?,
        false => None,
    };
    let elements = elements(ctx, scope, &published.elements).await?;
    Ok(written(&published, owner, &authors, &elements, base.trim_end_matches('/')))
}

async fn published(ctx: &Ctx, scope: &TenantScope, id: Id<Artefact>) -> Result<Published> {
    let mut tx = ctx.store.look(scope).await?;
    let of_it = [("artefact_id", id.to_cell()), ("state", PublicationState::Published.to_cell())];
    let mut all: Vec<Publication> = tx.list(&of_it).await?;
    all.sort_by_key(|one| (one.number, one.published_at));
    let publication = all.pop().ok_or(Error::NotFound)?;
    let version = [("artefact_id", id.to_cell()), ("number", publication.number.to_cell())];
    let version: ArtefactVersion = tx.first(&version).await?.ok_or(Error::NotFound)?;
    let files = attachment::of_version(&mut *tx, &version).await?;
    let artefact: Option<Artefact> = tx.find(id).await?;
    let as_is = artefact.as_ref().is_some_and(|row| row.written_number() == version.number);
    let authors = if as_is { authors_of(&mut *tx, id).await? } else { vec![] };
    let elements = artefact.filter(|_| as_is).map(|row| row.element_ids.0).unwrap_or_default();
    Ok(Published { publication, version, files, authors, elements })
}

/// The names of people, as far as the asker may read them.
async fn people(ctx: &Ctx, scope: &TenantScope, ids: &[Id<Person>]) -> Result<Vec<String>> {
    if ids.is_empty() || !scope.holds(Scope::PeopleRead) {
        return Ok(vec![]);
    }
    let mut names: Vec<String> =
        rows::<Person>(ctx, scope, ids, "display_name").await?.into_iter().map(|(_, name)| name).collect();
    // Whose name was removed is not named.
    names.retain(|name| name != crate::person::NAMELESS);
    names.sort();
    Ok(names)
}

/// The elements that are named, with their titles, as far as the asker may read them.
async fn elements(
    ctx: &Ctx,
    scope: &TenantScope,
    ids: &[Id<ConceptElement>],
) -> Result<Vec<(Id<ConceptElement>, String)>> {
    if ids.is_empty() || !scope.holds(Scope::ConceptsRead) {
        return Ok(vec![]);
    }
    rows(ctx, scope, ids, "title").await
}

/// A text of each of these rows that the asker sees.
async fn rows<R: Record>(
    ctx: &Ctx,
    scope: &TenantScope,
    ids: &[Id<R>],
    column: &'static str,
) -> Result<Vec<(Id<R>, String)>> {
    let mut select = Select::new(R::TABLE);
    select.column(column);
    let query = Query { select, rows: Rows::Ids(ids.iter().map(|id| id.uuid()).collect()) };
    let read = ctx.store.read(scope, &[query]).await?;
    let found = read.into_iter().flat_map(|branch| branch.rows);
    let mut found: Vec<_> = found.filter_map(|row| Some((row.get("id")?, row.get(column)?))).collect();
    found.sort_by_key(|(id, _)| ids.iter().position(|one| one == id));
    Ok(found)
}

fn written(
    of: &Published,
    owner: Option<Organisation>,
    authors: &[String],
    elements: &[(Id<ConceptElement>, String)],
    base: &str,
) -> Value {
    let Published { publication, version, files, .. } = of;
    let address = format!("{base}/api/v1/artefacts/{}", version.artefact_id);
    let language = version.language.as_deref().unwrap_or("nl");
    // The profile names languages by two letters.
    let short = language.split('-').next().filter(|tag| tag.len() == 2).unwrap_or("nl");
    let mut all = Map::new();
    let mut put = |name: &str, value: Value| {
        if !value.is_null() && value != json!([]) {
            all.insert(name.to_owned(), value);
        }
    };
    put("@context", json!([CONTEXT, { "@language": short }]));
    put("id", json!(address));
    put("type", json!(["LearningResource"]));
    put("name", json!(version.title));
    put("description", json!(version.summary));
    put("inLanguage", json!(version.language.as_ref().map(|_| [short])));
    put("license", json!(version.licence.as_deref().and_then(licence).map(|id| json!({ "id": id }))));
    put("isAccessibleForFree", json!(true));
    let about = elements.iter().map(|(id, title)| {
        let id = format!("{base}/api/v1/concept-elements/{id}");
        json!({ "id": id, "type": "Concept", "prefLabel": { "nl": title } })
    });
    put("about", json!(about.collect::<Vec<_>>()));
    put("dateCreated", json!(version.created_at.date_naive()));
    put("datePublished", json!(publication.published_at.map(|at| at.date_naive())));
    let organisation = owner.map(|one| {
        let id = format!("{base}/api/v1/organisations/{}", one.id);
        json!({ "id": id, "type": "Organization", "name": one.name })
    });
    let authors: Vec<_> = authors.iter().map(|name| json!({ "type": "Person", "name": name })).collect();
    put("creator", json!(if authors.is_empty() { organisation.iter().cloned().collect() } else { authors }));
    put("publisher", json!(organisation.into_iter().collect::<Vec<_>>()));
    // The profile asks for one of a list that knows no kinds of ours.
    let mut types = vec![json!({
        "id": "https://w3id.org/kim/hcrt/text", "type": "Concept", "prefLabel": { "nl": "Tekst", "en": "Text" },
    })];
    put("keywords", json!(version.tags.as_ref().map(|tags| &tags.0)));
    if let Some(kind) = version.kind {
        types.push(json!({
            "id": format!("{base}/api/v1/enum-labels?name=ArtefactKind#{kind}"), "type": "Concept",
            "prefLabel": { "nl": kind.words(Language::Nl), "en": kind.words(Language::En) },
        }));
    }
    let file = |one: &Attachment| {
        json!({
            "type": "MediaObject", "contentUrl": format!("{base}/api/v1/attachments/{}/content", one.id),
            "encodingFormat": one.content_type, "contentSize": one.size.to_string(), "sha256": one.sha256,
        })
    };
    let elsewhere = version.source_url.iter().map(|url| json!({ "type": "MediaObject", "contentUrl": url }));
    put("learningResourceType", json!(types));
    put("encoding", json!(elsewhere.chain(files.iter().map(file)).collect::<Vec<_>>()));
    put("mainEntityOfPage", json!([{ "id": format!("{address}/metadata"), "type": "WebContent" }]));
    Value::Object(all)
}

/// Whether a licence is one that is known: by its SPDX id, or of Creative Commons by its name or address.
pub(super) fn is_licence(text: &str) -> bool {
    spdx::license_id(text.trim()).is_some() || licence(text).is_some()
}

/// The address of a licence that the profile knows: of Creative Commons, GNU, Apache, MIT or BSD.
fn licence(text: &str) -> Option<String> {
    let id = text.trim().replace(' ', "-").to_ascii_lowercase();
    let creative = |rest: &str| {
        let (kind, version) = rest.rsplit_once('-')?;
        let known = ["by", "by-sa", "by-nd", "by-nc", "by-nc-sa", "by-nc-nd"].contains(&kind);
        let number = !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        (known && number).then(|| format!("https://creativecommons.org/licenses/{kind}/{version}/"))
    };
    let address = match id.as_str() {
        "cc0" | "cc0-1.0" => "https://creativecommons.org/publicdomain/zero/1.0/",
        "mit" => "https://opensource.org/licenses/MIT",
        "apache-2.0" => "https://www.apache.org/licenses/LICENSE-2.0",
        "bsd-2-clause" => "https://www.opensource.org/licenses/BSD-2-Clause",
        "bsd-3-clause" => "https://www.opensource.org/licenses/BSD-3-Clause",
        _ if ["https://creativecommons.org/licenses/", "https://creativecommons.org/publicdomain/"]
            .iter()
            .any(|known| id.starts_with(known)) =>
        {
            text.trim()
        }
        _ => return id.strip_prefix("cc-").and_then(creative),
    };
    Some(address.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn licences_have_addresses() {
        for (text, expected) in [
            ("CC-BY-4.0", Some("https://creativecommons.org/licenses/by/4.0/")),
            ("CC BY-NC-SA 4.0", Some("https://creativecommons.org/licenses/by-nc-sa/4.0/")),
            ("CC0-1.0", Some("https://creativecommons.org/publicdomain/zero/1.0/")),
            ("MIT", Some("https://opensource.org/licenses/MIT")),
            (
                "https://creativecommons.org/licenses/by/4.0/deed.nl",
                Some("https://creativecommons.org/licenses/by/4.0/deed.nl"),
            ),
            ("https://example.org/l", None),
            ("CC-BY-", None),
            ("alle rechten: ons", None),
        ] {
            assert_eq!(licence(text).as_deref(), expected, "{text}");
            assert_eq!(is_licence(text), expected.is_some(), "{text}");
        }
    }
}
