//! Comments: in threads, for who reads the artefact in its CoP, and taken back by who made them.

use crate::members::{circle, done, get, refused, status};
use serde_json::{Value, json};

crate::both!(what_is_said_about_an_artefact_stays_among_who_may_read_it, |world| {
    let circle = circle(&world).await;
    let (member, colleague) = (circle.member.1.as_str(), circle.colleague.1.as_str());
    let write = |audience: &str| json!({ "copId": circle.cop, "kind": "LESSON_LEARNED", "title": "Les", "body": "x", "audience": audience });
    let lesson = done(&world, member, "artefactCreate", write("MEMBERS")).await;
    done(&world, member, "artefactSubmit", json!({ "id": lesson })).await;
    let say = |of: &str, parent: Option<&str>| json!({ "artefactId": of, "parentId": parent, "body": "**Mooi**" });
    let first = done(&world, &circle.host_member, "commentPost", say(&lesson, None)).await;
    let answer = done(&world, member, "commentPost", say(&lesson, Some(&first))).await;
    let query = "query($id: ID!) { artefact(id: $id) { comments { nodes { id bodyHtml parent { id } author { displayName } } } } }";
    let seen = world.gql(Some(&circle.guide), query, json!({ "id": lesson })).await.json();
    let thread = seen["data"]["artefact"]["comments"]["nodes"].clone();
    assert_eq!(thread[0]["bodyHtml"], "<p><strong>Mooi</strong></p>\n");
    assert_eq!((&thread[1]["parent"]["id"], &thread[1]["author"]["displayName"]), (&json!(first), &json!("Deelnemer")));
    // Who is in no CoP says nothing, and an organisation reads what is said about its own artefacts.
    assert_eq!(refused(&world, colleague, "commentPost", say(&lesson, None)).await, "FORBIDDEN");
    assert_eq!(refused(&world, &world.outsider.token, "commentPost", say(&lesson, None)).await, "UNKNOWN_REFERENCE");
    for (token, path, sees) in [
        (world.partner.token.as_str(), &first, 200),
        (world.host.token.as_str(), &first, 200),
        (world.host.token.as_str(), &answer, 404),
        (colleague, &answer, 200),
        (world.outsider.token.as_str(), &first, 404),
    ] {
        assert_eq!(status(&world, token, &format!("comments/{path}")).await, sees, "{path}");
    }
    // A thread is about one artefact.
    let other = done(&world, member, "artefactCreate", write("MEMBERS")).await;
    assert_eq!(refused(&world, member, "commentPost", say(&other, Some(&first))).await, "INVALID_VALUE");
    // What is said about what only some see is for those alone: a draft's authors, and who reviews.
    let draft = done(&world, member, "commentPost", say(&other, None)).await;
    let path = format!("comments/{draft}");
    assert_eq!((status(&world, &circle.guide, &path).await, status(&world, member, &path).await), (404, 200));
    assert_eq!(refused(&world, &circle.guide, "commentPost", say(&other, Some(&draft))).await, "UNKNOWN_REFERENCE");
    let own = done(&world, member, "artefactCreate", write("ORGANISATION")).await;
    done(&world, member, "artefactSubmit", json!({ "id": own })).await;
    let review = done(&world, &circle.guide, "commentPost", say(&own, None)).await;
    let path = format!("comments/{review}");
    // A colleague of who reviews sees what their organisation says, as they see its artefacts; the other side sees it, too.
    assert_eq!((status(&world, member, &path).await, status(&world, &circle.guide, &path).await), (200, 200));
    let seen = get(&world, &circle.host_member, &path).await.json();
    assert_eq!(seen["authorId"], json!(circle.guide_id));
    // Changing and taking back are the author's.
    let edit = json!({ "id": first, "version": 1, "body": "Anders" });
    assert_eq!(refused(&world, member, "commentEdit", edit.clone()).await, "FORBIDDEN");
    done(&world, &circle.host_member, "commentEdit", edit).await;
    assert_eq!(refused(&world, &circle.guide, "commentRemove", json!({ "id": first })).await, "FORBIDDEN");
    done(&world, &world.host.token, "commentRemove", json!({ "id": first })).await;
    let gone = get(&world, member, &format!("comments/{first}")).await.json();
    assert_eq!((&gone["state"], &gone["body"]), (&json!("REMOVED"), &Value::Null));
    let late = json!({ "id": first, "version": gone["version"], "body": "Toch" });
    assert_eq!(refused(&world, &circle.host_member, "commentEdit", late).await, "NOT_EDITABLE");
    let thread = get(&world, member, &format!("comments?parentId={first}")).await.json();
    assert_eq!(thread["items"][0]["id"], json!(answer), "what hangs below it stays");
});
