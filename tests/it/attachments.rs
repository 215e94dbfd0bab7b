//! Files of artefacts: they come in by several requests, are shown with the versions that have them and to nobody else, are
//! never run by a browser, and leave nothing behind. What is published goes out as JSON-LD.

use crate::{
    harness::{Answer, Surface, World, meta},
    members::{circle, done, get, op, refused, status},
};
use evolva_domain::{
    file::{PART, sweep},
    policy,
    ports::Write,
    record::{Cell, Record},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// Bytes of a PDF, as far as their beginning goes.
pub fn pdf(text: &str) -> Vec<u8> {
    format!("%PDF-1.7\n{text}").into_bytes()
}

/// Sends bytes of an upload: all of it, or these of so many.
pub async fn put(world: &World, token: &str, upload: &str, bytes: &[u8], span: Option<(usize, usize)>) -> Answer {
    let mut request = world.http.put(format!("{}/api/v1/uploads/{upload}/content", world.base)).body(bytes.to_vec());
    if let Some((first, of)) = span {
        let span = format!("bytes {first}-{}/{of}", (first + bytes.len()).saturating_sub(1));
        request = request.header("Content-Range", span);
    }
    world.send(request, Some(token)).await
}

/// Puts the next part of an upload into the store past the server, as who has been given an address there does.
pub fn beside(world: &World, upload: &str, received: u128, bytes: &[u8]) {
    let uuid = evolva_domain::id::split(upload).unwrap().1;
    let part = uuid::Uuid::from_u128(uuid.as_u128() ^ (received + 1));
    let folder = world.files().join(world.partner.id.uuid().simple().to_string()).join(uuid.simple().to_string());
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(part.simple().to_string()), bytes).unwrap();
}

/// A file that is there to be attached.
pub async fn upload(world: &World, token: &str, name: &str, bytes: &[u8]) -> String {
    let id = done(world, token, "uploadCreate", json!({ "fileName": name, "size": bytes.len() })).await;
    let answer = put(world, token, &id, bytes, None).await;
    assert_eq!((answer.status, &answer.json()["state"]), (200, &json!("COMPLETE")), "{}", answer.text);
    id
}

/// A new file of an artefact.
pub async fn attach(world: &World, token: &str, artefact: &str, name: &str) -> String {
    let upload = upload(world, token, name, &pdf(name)).await;
    done(world, token, "attachmentAdd", json!({ "artefactId": artefact, "uploadId": upload, "title": name })).await
}

fn path_of(attachment: &str) -> String {
    format!("attachments/{attachment}/content")
}

async fn download(world: &World, token: &str, attachment: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = world.http.get(format!("{}/api/v1/{}", world.base, path_of(attachment)));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    world.send(request, Some(token)).await
}

/// The names of the files that somebody is shown of an artefact.
async fn names(world: &World, token: &str, artefact: &str) -> Vec<String> {
    let answer = get(world, token, &format!("attachments?artefactId={artefact}")).await;
    let items = answer.json()["items"].as_array().unwrap().clone();
    items.iter().map(|one| one["fileName"].as_str().unwrap().to_owned()).collect()
}

/// The files in the store.
fn stored(world: &World) -> Vec<PathBuf> {
    fn walk(folder: &Path, all: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() { walk(&path, all) } else { all.push(path) }
        }
    }
    let mut all = vec![];
    walk(&world.files(), &mut all);
    all
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn write(cop: &str, audience: &str) -> Value {
    json!({ "copId": cop, "kind": "PRACTICAL_AID", "title": "Handreiking", "body": "x", "audience": audience,
        "language": "nl", "licence": "CC-BY-4.0", "tags": ["coach"] })
}

crate::both!(a_file_comes_in_by_several_requests_and_goes_out_in_ranges, |world| {
    let (partner, host) = (world.partner.token.as_str(), world.host.token.as_str());
    // Two whole parts and some more, so that ranges go over their borders.
    let bytes: Vec<u8> = pdf("x").into_iter().cycle().take(2 * PART + 1_000).collect();
    let (of, half) = (bytes.len(), PART + 500);
    let announced =
        json!({ "fileName": "Eén plan.pdf", "size": of, "mediaType": "application/pdf", "sha256": hex(&bytes) });
    let upload = done(&world, partner, "uploadCreate", announced).await;
    // A file is sent as it is.
    let packed = world.http.put(format!("{}/api/v1/uploads/{upload}/content", world.base));
    let packed = packed.header("Content-Encoding", "gzip").body(vec![31, 139]);
    assert_eq!(world.send(packed, Some(partner)).await.status, 415);
    let first = put(&world, partner, &upload, &bytes[..half], Some((0, of))).await;
    assert_eq!((first.status, &first.json()["received"]), (200, &json!(half)), "{}", first.text);
    let there = get(&world, partner, &format!("uploads/{upload}")).await.json();
    assert_eq!((&there["received"], &there["state"]), (&json!(half), &json!("OPEN")));
    // What does not go on where the last request ended is told where to.
    for start in [0, half - 1, half + 1] {
        let wrong = put(&world, partner, &upload, &bytes[start..], Some((start, of))).await;
        assert_eq!((wrong.status, &wrong.json()["code"]), (409, &json!("UPLOAD_OFFSET")), "{}", wrong.text);
        assert!(wrong.text.contains(&format!("Go on at byte {half}.")), "{}", wrong.text);
    }
    for (span, code) in [
        (format!("bytes {half}-{}/{of}", of), "INVALID_VALUE"),
        (format!("bytes {half}-{}/{}", of - 1, of + 1), "INVALID_VALUE"),
        ("bytes 5-4/10".to_owned(), "INVALID_VALUE"),
        ("items 0-1/2".to_owned(), "INVALID_VALUE"),
    ] {
        let request = world.http.put(format!("{}/api/v1/uploads/{upload}/content", world.base));
        let wrong = world.send(request.header("Content-Range", &span).body("x"), Some(partner)).await;
        assert_eq!((wrong.status, &wrong.json()["errors"][0]["code"]), (400, &json!(code)), "{span}: {}", wrong.text);
    }
    let add = |artefact: &str| json!({ "artefactId": artefact, "uploadId": upload });
    let artefact = json!({ "kind": "PRACTICAL_AID", "title": "Handreiking", "body": "x" });
    let artefact = done(&world, partner, "artefactCreate", artefact).await;
    assert_eq!(refused(&world, partner, "attachmentAdd", add(&artefact)).await, "UPLOAD_INCOMPLETE");
    let last = put(&world, partner, &upload, &bytes[half..], Some((half, of))).await.json();
    assert_eq!((&last["state"], &last["sha256"]), (&json!("COMPLETE"), &json!(hex(&bytes))));
    assert_eq!(last["contentType"], "application/pdf");
    let attachment = done(&world, partner, "attachmentAdd", add(&artefact)).await;
    assert_eq!(refused(&world, partner, "attachmentAdd", add(&artefact)).await, "IN_USE");
    assert_eq!(put(&world, partner, &upload, &bytes, None).await.status, 409);
    let query = "query($id: ID!) { artefact(id: $id) { attachments { nodes { fileName size sha256 contentUrl } } } }";
    let shown = world.gql(Some(partner), query, json!({ "id": artefact })).await.json();
    let shown = &shown["data"]["artefact"]["attachments"]["nodes"][0];
    assert_eq!(shown["contentUrl"], format!("/api/v1/{}", path_of(&attachment)));
    // All of it, and what it says of itself.
    let url = format!("{}{}", world.base, shown["contentUrl"].as_str().unwrap());
    let whole = world.http.get(&url).bearer_auth(partner).header("Accept-Encoding", "gzip").send().await.unwrap();
    let of_it = |name: &str| whole.headers()[name].to_str().unwrap().to_owned();
    assert_eq!((whole.status().as_u16(), of_it("content-length")), (200, of.to_string()));
    assert_eq!(of_it("content-type"), "application/pdf");
    assert_eq!(of_it("x-content-type-options"), "nosniff");
    assert_eq!(of_it("content-security-policy"), "default-src 'none'; sandbox");
    assert_eq!(of_it("cache-control"), "private, no-cache");
    let named = "attachment; filename=\"E_n plan.pdf\"; filename*=UTF-8''E%C3%A9n%20plan.pdf";
    assert_eq!(of_it("content-disposition"), named);
    let etag = of_it("etag");
    assert!(!whole.headers().contains_key("content-encoding"));
    assert_eq!(whole.bytes().await.unwrap(), bytes);
    let head = world.send(world.http.head(&url), Some(partner)).await;
    assert_eq!((head.status, head.header("content-length"), head.header("etag")), (200, &*of.to_string(), &*etag));
    assert_eq!(head.text, "");
    for (range, from, to) in [
        ("bytes=0-8".to_owned(), 0, 9),
        (format!("bytes={}-{}", PART - 3, PART + 3), PART - 3, PART + 4),
        (format!("bytes={}-", of - 5), of - 5, of),
        ("bytes=-7".to_owned(), of - 7, of),
        (format!("bytes=5-{}", of + 100), 5, of),
    ] {
        let request = world.http.get(&url).bearer_auth(partner).header("Range", &range);
        let some = request.header("If-Range", &etag).send().await.unwrap();
        assert_eq!(some.status(), 206, "{range}");
        assert_eq!(some.headers()["content-range"], format!("bytes {from}-{}/{of}", to - 1));
        assert_eq!(some.bytes().await.unwrap(), bytes[from..to], "{range}");
    }
    let head = world.send(world.http.head(&url).header("Range", "bytes=0-8"), Some(partner)).await;
    assert_eq!((head.status, head.header("content-length")), (206, "9"));
    let none = download(&world, partner, &attachment, &[("Range", &format!("bytes={of}-"))]).await;
    assert_eq!((none.status, none.header("content-range")), (416, &*format!("bytes */{of}")));
    assert_eq!(none.json()["code"], "RANGE_NOT_SATISFIABLE");
    // What the client has is another file by now, or the same.
    let other = world.http.get(&url).bearer_auth(partner).header("Range", "bytes=0-8").header("If-Range", "\"x\"");
    assert_eq!(other.send().await.unwrap().status(), 200);
    let same = download(&world, partner, &attachment, &[("If-None-Match", &etag)]).await;
    assert_eq!((same.status, same.text.as_str()), (304, ""));
    assert_eq!(status(&world, host, &path_of(&attachment)).await, 404);
});

crate::both!(what_arrives_and_is_another_file_is_forgotten, |world| {
    let token = world.partner.token.as_str();
    let (right, wrong) = (pdf("goed"), pdf("fout"));
    let announced = json!({ "fileName": "a.pdf", "size": right.len(), "sha256": hex(&right) });
    let upload = done(&world, token, "uploadCreate", announced).await;
    let refused_it = put(&world, token, &upload, &wrong, None).await;
    assert_eq!((refused_it.status, &refused_it.json()["code"]), (409, &json!("CHECKSUM_MISMATCH")));
    assert!(refused_it.text.contains(&hex(&wrong)), "{}", refused_it.text);
    assert!(stored(&world).is_empty(), "{:?}", stored(&world));
    let again = put(&world, token, &upload, &right, None).await;
    assert_eq!((again.status, &again.json()["state"]), (200, &json!("COMPLETE")), "{}", again.text);
    // More bytes than were announced, and fewer.
    let upload = done(&world, token, "uploadCreate", json!({ "fileName": "a", "size": 4 })).await;
    let more = put(&world, token, &upload, b"12345", None).await;
    assert_eq!((more.status, &more.json()["code"]), (413, &json!("BODY_TOO_LARGE")), "{}", more.text);
    let fewer = put(&world, token, &upload, b"123", None).await;
    assert_eq!((fewer.status, &fewer.json()["code"]), (400, &json!("MALFORMED_BODY")), "{}", fewer.text);
    let there = get(&world, token, &format!("uploads/{upload}")).await.json();
    assert_eq!(there["received"], 3, "what came is kept");
    let end = put(&world, token, &upload, b"4", Some((3, 4))).await.json();
    assert_eq!((&end["state"], &end["sha256"]), (&json!("COMPLETE"), &json!(hex(b"1234"))));
    // Two at once: one of them goes on, and the other is told where.
    let upload = done(&world, token, "uploadCreate", json!({ "fileName": "a", "size": 4 })).await;
    let (one, other) =
        futures_util::join!(put(&world, token, &upload, b"1234", None), put(&world, token, &upload, b"1234", None));
    let mut both = [one.status, other.status];
    both.sort_unstable();
    assert!(both == [200, 409], "{} {}", one.text, other.text);
    for (input, code) in [
        (json!({ "fileName": "a/b", "size": 1 }), "INVALID_VALUE"),
        (json!({ "fileName": "gnp\u{202e}exe.png", "size": 1 }), "INVALID_VALUE"),
        (json!({ "fileName": "a", "size": 0 }), "OUT_OF_RANGE"),
        (json!({ "fileName": "a", "size": 1_073_741_825 }), "OUT_OF_RANGE"),
        (json!({ "fileName": "a", "size": 1, "mediaType": "pdf" }), "INVALID_VALUE"),
        (json!({ "fileName": "a", "size": 1, "sha256": "abc" }), "INVALID_VALUE"),
    ] {
        assert_eq!(refused(&world, token, "uploadCreate", input).await, code);
    }
    let all = json!({ "fileName": " ", "size": 0, "sha256": "abc" });
    assert_eq!(op(&world, token, "uploadCreate", all).await.unwrap_err().len(), 3, "all faults at once");
});

crate::both!(parts_that_are_sent_to_the_store_are_taken_in_their_order, |world| {
    let token = world.partner.token.as_str();
    let part = evolva_domain::file::DIRECT_PART as usize;
    let bytes: Vec<u8> = pdf("x").into_iter().cycle().take(part + 7).collect();
    let announced = json!({ "fileName": "groot.pdf", "size": bytes.len(), "sha256": hex(&bytes) });
    let upload = done(&world, token, "uploadCreate", announced).await;
    let take = json!({ "id": upload });
    let next = get(&world, token, &format!("uploads/{upload}/part")).await.json();
    assert_eq!((&next["firstByte"], &next["size"], &next["url"]), (&json!(0), &json!(part), &Value::Null));
    beside(&world, &upload, 0, &bytes[..part - 1]);
    assert_eq!(refused(&world, token, "uploadTakePart", take.clone()).await, "UPLOAD_INCOMPLETE", "it is too short");
    beside(&world, &upload, 0, &bytes[..part]);
    done(&world, token, "uploadTakePart", take.clone()).await;
    assert_eq!(stored(&world).len(), 1, "what was sent is copied to where nobody has an address for");
    let next = get(&world, token, &format!("uploads/{upload}/part")).await.json();
    assert_eq!((&next["firstByte"], &next["size"]), (&json!(part), &json!(7)));
    // The rest by the other way, which goes on where this one ended.
    let last = put(&world, token, &upload, &bytes[part..], Some((part, bytes.len()))).await.json();
    assert_eq!((&last["state"], &last["contentType"]), (&json!("COMPLETE"), &json!("application/pdf")));
    assert_eq!(status(&world, token, &format!("uploads/{upload}/part")).await, 409);
    assert_eq!(refused(&world, token, "uploadTakePart", take).await, "NOT_EDITABLE");
    assert_eq!(status(&world, &world.host.token, &format!("uploads/{upload}/part")).await, 404);
});

crate::both!(an_upload_is_its_makers, |world| {
    let circle = circle(&world).await;
    let member = circle.member.1.as_str();
    let mine = upload(&world, member, "mijn.pdf", &pdf("x")).await;
    let path = format!("uploads/{mine}");
    for (token, sees) in [
        (member, 200),
        (&world.partner.token, 200),
        (&circle.colleague.1, 404),
        (&world.host.token, 404),
        (&circle.guide, 404),
    ] {
        assert_eq!(status(&world, token, &path).await, sees);
        let real = put(&world, token, &mine, b"x", None).await;
        let made_up = put(&world, token, "upl_01h455vb4pex5vsknk084sn02q", b"x", None).await;
        assert_eq!((real.status, made_up.status), (if sees == 200 { 409 } else { 404 }, 404));
    }
    let own = done(&world, &circle.colleague.1, "artefactCreate", json!({ "kind": "INSIGHT", "title": "x" })).await;
    let add = json!({ "artefactId": own, "uploadId": mine });
    assert_eq!(refused(&world, &circle.colleague.1, "attachmentAdd", add).await, "UNKNOWN_REFERENCE");
    // Nor does somebody attach to what is another's.
    let draft = done(&world, member, "artefactCreate", write(&circle.cop, "MEMBERS")).await;
    let theirs = upload(&world, &circle.host_member, "x.pdf", &pdf("x")).await;
    let add = json!({ "artefactId": draft, "uploadId": theirs });
    assert_eq!(refused(&world, &circle.host_member, "attachmentAdd", add.clone()).await, "UNKNOWN_REFERENCE");
    done(&world, member, "artefactSubmit", json!({ "id": draft })).await;
    assert_eq!(refused(&world, &circle.host_member, "attachmentAdd", add).await, "FORBIDDEN");
    done(&world, member, "attachmentAdd", json!({ "artefactId": draft, "uploadId": mine })).await;
});

/// What an answer says, but for its own id and address.
fn said(answer: &Answer) -> (u16, Value, String) {
    let mut body: Value = serde_json::from_str(&answer.text).unwrap_or(json!(answer.text));
    if let Some(body) = body.as_object_mut() {
        body.remove("traceId");
        body.remove("instance");
    }
    let skip = ["date", "x-request-id", "connection"];
    let mut headers: Vec<_> = answer.headers.iter().filter(|(name, _)| !skip.contains(&name.as_str())).collect();
    headers.sort_by_key(|(name, _)| name.as_str());
    (answer.status, body, format!("{headers:?}"))
}

crate::both!(a_reader_of_an_earlier_version_is_shown_its_files_and_no_later_ones, |world| {
    let circle = circle(&world).await;
    let (member, partner, host) = (circle.member.1.as_str(), world.partner.token.as_str(), world.host.token.as_str());
    let artefact = done(&world, partner, "artefactCreate", write(&circle.cop, "PARTNERS")).await;
    let (first, second) =
        (attach(&world, partner, &artefact, "een.pdf").await, attach(&world, partner, &artefact, "twee.pdf").await);
    // In a draft, what is taken out again is gone, with its bytes.
    let mistake = attach(&world, partner, &artefact, "fout.pdf").await;
    let before = stored(&world).len();
    done(&world, partner, "attachmentRemove", json!({ "id": mistake })).await;
    assert_eq!(stored(&world).len(), before - 1);
    assert_eq!(status(&world, partner, &format!("attachments/{mistake}")).await, 404);
    let path = format!("artefacts/{artefact}");
    assert_eq!(names(&world, host, &artefact).await, [""; 0], "a draft is hidden, with its files");
    done(&world, partner, "artefactSubmit", json!({ "id": artefact })).await;
    assert_eq!(get(&world, host, &path).await.json()["number"], 1);
    assert_eq!(names(&world, host, &artefact).await, ["een.pdf", "twee.pdf"]);
    assert_eq!(refused(&world, host, "attachmentRemove", json!({ "id": first })).await, "FORBIDDEN");
    let everything = async |token: &str| {
        let mut all = vec![];
        for path in [
            "attachments".to_owned(),
            "attachments?sort=-createdAt&first=1".to_owned(),
            format!("attachments/{first}"),
            format!("attachments/{second}"),
            path_of(&first),
            path_of(&second),
            "publications".to_owned(),
        ] {
            all.push(said(&get(&world, token, &path).await));
        }
        let query = "query($id: ID!) { attachments { totalCount nodes { id version updatedAt sinceNumber untilNumber } } \
                     publications(filter: { artefactId: $id }) { nodes { publishedVersion { number attachments { totalCount \
                     nodes { fileName } } } } } }";
        all.push(said(&world.gql(Some(token), query, json!({ "id": artefact })).await));
        all
    };
    let shown = everything(host).await;
    assert!(shown[7].2.contains("graphql-response") && shown[7].1["data"]["attachments"]["totalCount"] == 2);
    // Taking one out and adding another are edits: the next version waits. An admin of the one organisation that
    // contributed would publish it at once, so it is a member who edits, here of the same organisation's artefact.
    let authors = json!({ "id": artefact, "version": get(&world, partner, &path).await.json()["version"],
        "authorIds": [circle.member.0] });
    done(&world, partner, "artefactUpdate", authors).await;
    let shown = everything(host).await;
    done(&world, member, "attachmentRemove", json!({ "id": first })).await;
    let third = attach(&world, member, &artefact, "drie.pdf").await;
    assert_eq!(status(&world, host, &path).await, 404, "the next version waits for a yes");
    assert_eq!(everything(host).await, shown, "who is shown the earlier version notices nothing");
    assert_eq!(names(&world, member, &artefact).await.len(), 3, "its organisation sees the files of all versions");
    let versions = "query($id: ID!) { artefact(id: $id) { number attachments { nodes { fileName } } versions(last: 9) { nodes { \
                    number attachments { nodes { fileName untilNumber } } } } } }";
    let seen = world.gql(Some(member), versions, json!({ "id": artefact })).await.json()["data"]["artefact"].clone();
    assert_eq!(seen["number"], 4);
    assert_eq!(seen["attachments"]["nodes"], json!([{ "fileName": "twee.pdf" }, { "fileName": "drie.pdf" }]));
    let earlier = seen["versions"]["nodes"].as_array().unwrap().iter().find(|one| one["number"] == 2).unwrap();
    let files = json!([{ "fileName": "een.pdf", "untilNumber": 3 }, { "fileName": "twee.pdf", "untilNumber": null }]);
    assert_eq!(earlier["attachments"]["nodes"], files);
    // What is hidden answers as an id that nothing has, however it is asked for.
    let absent = "att_01h455vb4pex5vsknk084sn02q";
    for headers in [
        vec![],
        vec![("Range", "bytes=0-3")],
        vec![("Range", "bytes=99999-")],
        vec![("If-None-Match", "*")],
        vec![("If-Range", "\"x\""), ("Range", "bytes=0-3")],
    ] {
        let hidden = download(&world, host, &third, &headers).await;
        assert_eq!(said(&hidden), said(&download(&world, host, absent, &headers).await), "{headers:?}");
        assert_eq!(hidden.status, 404);
        assert!(download(&world, member, &third, &headers).await.status != 404, "{headers:?}");
    }
    let head = async |id: &str| {
        said(&world.send(world.http.head(format!("{}/api/v1/{}", world.base, path_of(id))), Some(host)).await)
    };
    let (hidden, made_up) = (head(&third).await, head(absent).await);
    assert_eq!((hidden.0, &hidden.1), (404, &made_up.1));
    // With the yes of its organisation the next version is shown, with its files; the earlier one stays published.
    let asked = get(&world, partner, "publications?state=REQUESTED").await.json()["items"][0]["id"].clone();
    done(&world, partner, "publicationApprove", json!({ "id": asked })).await;
    assert_eq!(names(&world, host, &artefact).await.len(), 3);
    assert_eq!(get(&world, host, &path_of(&third)).await.text.as_bytes(), pdf("drie.pdf"));
    // Withdrawn, it is shown no more, on the very next request.
    done(&world, partner, "publicationWithdraw", json!({ "id": asked })).await;
    assert_eq!(download(&world, host, &third, &[("Range", "bytes=0-3")]).await.status, 404);
    assert_eq!(download(&world, host, &first, &[("Range", "bytes=0-3")]).await.status, 206);
    assert_eq!(refused(&world, partner, "attachmentRemove", json!({ "id": first })).await, "NOT_EDITABLE");
});

crate::both!(what_was_sent_back_gets_its_files_in_the_next_version, |world| {
    let circle = circle(&world).await;
    let (member, partner, host) = (circle.member.1.as_str(), world.partner.token.as_str(), world.host.token.as_str());
    let artefact = done(&world, partner, "artefactCreate", write(&circle.cop, "PARTNERS")).await;
    let first = attach(&world, partner, &artefact, "een.pdf").await;
    done(&world, partner, "artefactSubmit", json!({ "id": artefact })).await;
    done(&world, &circle.guide, "artefactSendBack", json!({ "id": artefact })).await;
    done(&world, partner, "attachmentRemove", json!({ "id": first })).await;
    let second = attach(&world, partner, &artefact, "twee.pdf").await;
    assert_eq!(names(&world, host, &artefact).await, ["een.pdf"], "version 1 stays published");
    assert_eq!(status(&world, host, &path_of(&second)).await, 404);
    assert_eq!(names(&world, member, &artefact).await, ["een.pdf"], "the draft is its authors'");
    let now = "query($id: ID!) { artefact(id: $id) { attachments { nodes { fileName } } } }";
    let seen = world.gql(Some(partner), now, json!({ "id": artefact })).await.json();
    assert_eq!(seen["data"]["artefact"]["attachments"]["nodes"], json!([{ "fileName": "twee.pdf" }]));
    done(&world, partner, "artefactSubmit", json!({ "id": artefact })).await;
    for token in [host, member] {
        assert_eq!(names(&world, token, &artefact).await, ["een.pdf", "twee.pdf"], "both versions are published");
    }
    // Over is over.
    done(&world, &circle.guide, "artefactValidate", json!({ "id": artefact })).await;
    done(&world, partner, "artefactRetire", json!({ "id": artefact })).await;
    assert_eq!(refused(&world, partner, "attachmentRemove", json!({ "id": second })).await, "NOT_EDITABLE");
});

crate::both!(nothing_of_a_file_is_run_by_a_browser, |world| {
    let token = world.partner.token.as_str();
    let artefact = done(&world, token, "artefactCreate", json!({ "kind": "INSIGHT", "title": "x", "body": "x" })).await;
    let page = b"<!DOCTYPE html><script>alert(1)</script>".as_slice();
    let drawing = b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>".as_slice();
    for (name, declared, bytes, expected) in [
        ("pagina.html", "text/html", page, "application/octet-stream"),
        ("foto.png", "image/png", page, "application/octet-stream"),
        ("tekening.svg", "image/svg+xml", drawing, "application/octet-stream"),
        ("script.js", "text/javascript", b"alert(1)", "application/octet-stream"),
        ("tabel.csv", "text/csv", b"a;b\n", "text/csv"),
        ("foto.gif", "text/html", b"GIF89a\x01\0\x01\0", "image/gif"),
    ] {
        let announced = json!({ "fileName": name, "size": bytes.len(), "mediaType": declared });
        let upload = done(&world, token, "uploadCreate", announced).await;
        assert_eq!(put(&world, token, &upload, bytes, None).await.status, 200);
        let add = json!({ "artefactId": artefact, "uploadId": upload });
        let attachment = done(&world, token, "attachmentAdd", add).await;
        let answer = download(&world, token, &attachment, &[("Accept", "text/html")]).await;
        assert_eq!(answer.header("content-type"), expected, "{name}");
        assert!(answer.header("content-disposition").starts_with("attachment; "), "{name}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("content-security-policy"), "default-src 'none'; sandbox");
    }
    let last = upload(&world, token, "a.pdf", &pdf("x")).await;
    // At most so many files of one artefact.
    let known = names(&world, token, &artefact).await.len();
    for _ in known..evolva_domain::file::PER_ARTEFACT {
        attach(&world, token, &artefact, "nog.pdf").await;
    }
    let add = json!({ "artefactId": artefact, "uploadId": last });
    assert_eq!(refused(&world, token, "attachmentAdd", add).await, "TOO_MANY");
});

/// As if it had been written some hours ago.
pub fn age(path: &Path) {
    let then = std::time::SystemTime::now() - std::time::Duration::from_secs(3 * 3_600);
    std::fs::File::options().write(true).open(path).unwrap().set_modified(then).unwrap();
}

crate::both!(what_nothing_refers_to_is_swept, |world| {
    let ctx = evolva_server::ctx(&world.running.db);
    let token = world.partner.token.as_str();
    let artefact = done(&world, token, "artefactCreate", json!({ "kind": "INSIGHT", "title": "x", "body": "x" })).await;
    let kept = attach(&world, token, &artefact, "blijft.pdf").await;
    let waiting = upload(&world, token, "wacht.pdf", &pdf("wacht")).await;
    let late = upload(&world, token, "verlopen.pdf", &pdf("verlopen")).await;
    let half = done(&world, token, "uploadCreate", json!({ "fileName": "half", "size": 10 })).await;
    put(&world, token, &half, b"12345", Some((0, 10))).await;
    let expire = |id: &str| {
        format!("UPDATE upload SET expires_at = '2020-01-01T00:00:00+00:00' WHERE id = {}", world.literal(id))
    };
    // What a crash leaves: a part that no row names, in the folder of a file that is there and of one that is not, and one
    // that was being written.
    let before = stored(&world);
    assert_eq!(before.len(), 4);
    let folder = before[0].parent().unwrap();
    let stray = uuid::Uuid::now_v7().simple().to_string();
    let nobodys = folder.parent().unwrap().join(&stray);
    std::fs::create_dir(&nobodys).unwrap();
    let mut left = vec![folder.join(&stray), nobodys.join(&stray), folder.join(format!("{stray}#1"))];
    left.iter().for_each(|path| std::fs::write(path, "x").unwrap());
    let operator = world.running.db.operator().await.unwrap();
    let swept = sweep::sweep(&ctx, operator, true).await.unwrap();
    assert_eq!(swept, sweep::Swept::default(), "what is young may still get its row");
    left.extend(before);
    left.iter().for_each(|path| age(path));
    for id in [&late, &half] {
        assert_eq!(world.sql(&expire(id)).await, 1);
    }
    assert_eq!(put(&world, token, &half, b"67890", Some((5, 10))).await.status, 409);
    let add = json!({ "artefactId": artefact, "uploadId": late });
    assert_eq!(refused(&world, token, "attachmentAdd", add).await, "UNKNOWN_REFERENCE");
    let swept = sweep::sweep(&ctx, operator, true).await.unwrap();
    assert_eq!(swept, sweep::Swept { uploads: 2, parts: 4 });
    assert_eq!(stored(&world).len(), 2, "{:?}", stored(&world));
    for id in [&late, &half] {
        assert_eq!(status(&world, token, &format!("uploads/{id}")).await, 404);
    }
    assert_eq!(status(&world, token, &format!("uploads/{waiting}")).await, 200);
    assert_eq!(get(&world, token, &path_of(&kept)).await.text.as_bytes(), pdf("blijft.pdf"));
    // The row of an attached upload ends with its time; its file stays.
    let rows = get(&world, token, "uploads?state=ATTACHED").await.json();
    let attached = rows["items"][0]["id"].as_str().unwrap();
    world.sql(&expire(attached)).await;
    let swept = sweep::sweep(&ctx, operator, true).await.unwrap();
    assert_eq!(swept, sweep::Swept { uploads: 1, parts: 0 });
    assert_eq!(get(&world, token, &path_of(&kept)).await.text.as_bytes(), pdf("blijft.pdf"));
    assert_eq!(sweep::sweep(&ctx, operator, true).await.unwrap(), sweep::Swept::default());
});

/// The context that the profile publishes, given here so that the test asks no network.
const CONTEXT: &str = r#"{ "@context": {
    "id": "@id", "type": "@type", "@vocab": "http://schema.org/", "skos": "http://www.w3.org/2004/02/skos/core#",
    "prefLabel": { "@id": "skos:prefLabel", "@container": "@language" },
    "inScheme": "skos:inScheme", "Concept": "skos:Concept"
} }"#;

/// What a JSON-LD document says, as a library that others wrote reads it.
fn statements(document: &Value) -> Vec<String> {
    let text = document.to_string();
    let parser = oxjsonld::JsonLdParser::new().for_slice(&text).with_load_document_callback(|url, _| {
        assert_eq!(url, "https://w3id.org/kim/amb/context.jsonld");
        let document_url = url.to_owned();
        Ok(oxjsonld::JsonLdRemoteDocument { document: CONTEXT.as_bytes().to_vec(), document_url })
    });
    parser.map(|one| one.unwrap().to_string()).collect()
}

crate::both!(what_is_published_goes_out_as_json_ld, |world| {
    let circle = circle(&world).await;
    let (member, partner, host) = (circle.member.1.as_str(), world.partner.token.as_str(), world.host.token.as_str());
    let mut create = write(&circle.cop, "PARTNERS");
    create["authorIds"] = json!([circle.member.0]);
    create["summary"] = json!("Zo begin je.");
    let programme = done(&world, &world.evolva.token, "conceptCreate", json!({ "name": "Werkplekleren" })).await;
    let element = json!({ "conceptId": programme, "code": "COACH", "title": "De begeleidende rol" });
    let element = done(&world, &world.evolva.token, "conceptElementAdd", element).await;
    create["elementIds"] = json!([element]);
    let artefact = done(&world, partner, "artefactCreate", create).await;
    let attachment = attach(&world, partner, &artefact, "een.pdf").await;
    let path = format!("artefacts/{artefact}/metadata");
    let query = "query($id: ID!) { artefactMetadata(id: $id) }";
    let by_graph = async |token: &str, id: &str| {
        let answer = world.gql(Some(token), query, json!({ "id": id })).await.json();
        assert!(answer["errors"].is_null(), "{answer}");
        answer["data"]["artefactMetadata"].clone()
    };
    // A draft, and what is handed in and not published, has none, for its own organisation as well.
    for token in [partner, host, member] {
        assert_eq!((status(&world, token, &path).await, by_graph(token, &artefact).await), (404, Value::Null));
    }
    done(&world, member, "artefactSubmit", json!({ "id": artefact })).await;
    assert_eq!((status(&world, partner, &path).await, by_graph(partner, &artefact).await), (404, Value::Null));
    let asked = get(&world, partner, "publications?state=REQUESTED").await.json()["items"][0]["id"].clone();
    done(&world, partner, "publicationApprove", json!({ "id": asked })).await;
    let answer = get(&world, host, &path).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/ld+json"));
    let document = answer.json();
    assert_eq!(by_graph(host, &artefact).await, document);
    let known = [("If-None-Match", answer.header("etag"))];
    let request = world.http.get(format!("{}/api/v1/{path}", world.base)).header(known[0].0, known[0].1);
    assert_eq!(world.send(request, Some(host)).await.status, 304);
    let all = statements(&document);
    let says = |what: &str| assert!(all.iter().any(|one| one.contains(what)), "{what} is not in {all:#?}");
    let base = "http://127.0.0.1:8080/api/v1";
    let subject = format!("<{base}/artefacts/{artefact}>");
    let schema = |name: &str| format!("{subject} <http://schema.org/{name}>");
    says(&format!("{subject} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://schema.org/LearningResource>"));
    says(&format!("{} \"Handreiking\"@nl", schema("name")));
    says(&format!("{} \"Zo begin je.\"@nl", schema("description")));
    says(&format!("{} \"nl\"@nl", schema("inLanguage")));
    says(&format!("{} \"coach\"@nl", schema("keywords")));
    says(&format!("{} <https://creativecommons.org/licenses/by/4.0/>", schema("license")));
    says(&format!("{} \"true\"", schema("isAccessibleForFree")));
    says(&format!("{} <{base}/concept-elements/{element}>", schema("about")));
    says("<http://www.w3.org/2004/02/skos/core#prefLabel> \"De begeleidende rol\"@nl");
    says("<http://www.w3.org/2004/02/skos/core#prefLabel> \"Praktisch handvat\"@nl");
    // One of the profile's own list, which its schema asks for.
    says(&format!("{} <https://w3id.org/kim/hcrt/text>", schema("learningResourceType")));
    says(&format!("<http://schema.org/contentUrl> \"{base}/attachments/{attachment}/content\""));
    says("<http://schema.org/encodingFormat> \"application/pdf\"");
    says(&format!("<http://schema.org/sha256> \"{}\"", hex(&pdf("een.pdf"))));
    says(&format!("{} <{base}/organisations/{}>", schema("publisher"), world.partner.id));
    // Who wrote it is named to who knows them, as the host knows those in its CoP, and only to who may read people.
    says("<http://schema.org/name> \"Deelnemer\"@nl");
    let narrow = json!({ "name": "smal", "scopes": ["artefacts:read", "organisations:read"] });
    let issued =
        world.op(crate::harness::Surface::Rest, &crate::harness::meta("tokenIssue"), Some(host), &narrow).await;
    let narrow = get(&world, issued.json()["accessToken"].as_str().unwrap(), &path).await.json();
    assert_eq!(narrow["creator"], narrow["publisher"]);
    assert_eq!(narrow["creator"][0]["name"], "partner");
    // The next version is nobody's until it is published; hidden is as if there were none.
    let version = get(&world, member, &format!("artefacts/{artefact}")).await.json()["version"].clone();
    done(&world, member, "artefactUpdate", json!({ "id": artefact, "version": version, "title": "Twee" })).await;
    let earlier = get(&world, host, &path).await.json();
    for name in ["name", "encoding", "keywords", "learningResourceType", "description"] {
        assert_eq!(earlier[name], document[name], "{name}");
    }
    assert_eq!(earlier["creator"], document["publisher"], "who wrote it is not kept with the version");
    let absent = "art_01h455vb4pex5vsknk084sn02q";
    let outsider = world.outsider.token.as_str();
    let (hidden, made_up) =
        (get(&world, outsider, &path).await, get(&world, outsider, &format!("artefacts/{absent}/metadata")).await);
    assert_eq!(said(&hidden), said(&made_up));
    assert_eq!((hidden.status, by_graph(outsider, &artefact).await), (404, Value::Null));
    assert_eq!(status(&world, &world.partner.weak, &path).await, 403);
    assert_eq!(status(&world, host, "artefacts/niets/metadata").await, 400);
});

// A row never names what is not there: as the domain writes them, the order shows in what a failure leaves.
crate::both!(a_failed_write_leaves_no_bytes, |world| {
    let ctx = evolva_server::ctx(&world.running.db);
    let scope = &world.partner.scope;
    let create = evolva_domain::file::upload::Create { file_name: "a".into(), size: 4, media_type: None, sha256: None };
    let row = evolva_domain::file::upload::create(&ctx, scope, create).await.unwrap();
    let mut receiving = evolva_domain::file::upload::receive(&ctx, scope, row.id, None).await.unwrap();
    receiving.feed(b"1234").await.unwrap();
    // The row goes while bytes are coming in.
    let permit = policy::owner(scope, "test", &row).unwrap();
    let mut tx = ctx.store.begin(scope).await.unwrap();
    let (table, key) = (evolva_domain::file::upload::Upload::TABLE.name, row.id.uuid());
    let gone = Write::Replace { table, column: "id", key, columns: &[], rows: vec![] };
    tx.write(&permit, gone).await.unwrap();
    tx.commit().await.unwrap();
    assert!(receiving.finish().await.is_err());
    assert!(stored(&world).is_empty(), "{:?}", stored(&world));
    let rows: Vec<evolva_domain::file::upload::Upload> =
        ctx.store.begin(scope).await.unwrap().list(&[("id", Cell::Uuid(key))]).await.unwrap();
    assert!(rows.is_empty());
});

crate::both!(who_sends_slowly_holds_up_their_own_organisation_alone, |world| {
    let (host, partner) = (world.host.token.as_str(), world.partner.token.as_str());
    let address = world.base.trim_start_matches("http://").to_owned();
    let mut slow = vec![];
    // One more than there are places: whichever of them comes last is refused, and the others hold theirs.
    for nth in 0..9 {
        let announced = json!({ "fileName": "traag.pdf", "size": 1_000 });
        let id = done(&world, host, "uploadCreate", announced).await;
        let head = format!(
            "PUT /api/v1/uploads/{id}/content HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {host}\r\n\
             Content-Length: 1000\r\n\r\n%PDF-{nth}"
        );
        let mut socket = tokio::net::TcpStream::connect(&address).await.unwrap();
        socket.write_all(head.as_bytes()).await.unwrap();
        slow.push((id, socket));
    }
    let answers = slow.iter_mut().map(|(_, socket)| {
        Box::pin(async {
            let mut answer = String::new();
            while !answer.contains("UNAVAILABLE") {
                let mut part = [0; 4096];
                let read = socket.read(&mut part).await.unwrap();
                assert!(read > 0, "no such answer: {answer}");
                answer.push_str(&String::from_utf8_lossy(&part[..read]));
            }
            answer
        })
    });
    let (answer, refused, _) = futures_util::future::select_all(answers).await;
    assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
    slow.remove(refused);
    // All places of the host are taken; another organisation has its own.
    let brings = async |token: &str| {
        let upload = done(&world, token, "uploadCreate", json!({ "fileName": "vlot.pdf", "size": 4 })).await;
        put(&world, token, &upload, b"%PDF", None).await.status
    };
    assert_eq!((brings(host).await, brings(partner).await), (503, 200));
    // Who breaks off gives the place back, and what they sent is there.
    let (kept, socket) = slow.remove(0);
    drop(socket);
    let began = std::time::Instant::now();
    while brings(host).await != 200 {
        assert!(began.elapsed().as_secs() < 20, "no place was given back");
        tokio::time::sleep(std::time::Duration::from_millis(150)).await;
    }
    let seen = get(&world, host, &format!("uploads/{kept}")).await.json();
    assert_eq!((&seen["state"], &seen["received"]), (&json!("OPEN"), &json!(6)), "{seen}");
});

crate::both!(what_is_announced_and_not_attached_has_an_end, |world| {
    let (host, partner) = (world.host.token.as_str(), world.partner.token.as_str());
    let whole = json!({ "fileName": "film.mp4", "size": 1 << 30 });
    for _ in 0..10 {
        done(&world, host, "uploadCreate", whole.clone()).await;
    }
    let one_byte = json!({ "fileName": "klein.txt", "size": 1 });
    let errors = world.op(Surface::Rest, &meta("uploadCreate"), Some(host), &one_byte).await.json();
    assert_eq!((&errors["errors"][0]["code"], &errors["errors"][0]["pointer"]), (&json!("TOO_MANY"), &json!("/size")));
    done(&world, partner, "uploadCreate", one_byte).await;
});
