//! Files in a bucket: the program beside a small server that speaks as much of S3 as it asks for. Signatures are asked for
//! and not verified; no real S3 was near.

use crate::{
    harness::settings_for,
    program::{Server, folder, free_port, program},
};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, http::header, web};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    process::Command,
    sync::{Arc, Mutex},
};

type Objects = Arc<Mutex<BTreeMap<String, Vec<u8>>>>;

const DAY: &str = "Wed, 25 Nov 2026 12:00:00 GMT";

async fn bucket(request: HttpRequest, body: web::Bytes, objects: web::Data<Objects>) -> HttpResponse {
    let query = request.query_string().to_owned();
    let key = request.path().trim_start_matches("/bucket").trim_start_matches('/').to_owned();
    let signed = request.headers().contains_key(header::AUTHORIZATION);
    let presigned = query.contains("X-Amz-Signature=") && query.contains("X-Amz-Date=");
    if !signed && !presigned {
        return HttpResponse::Forbidden().body("<Error><Code>AccessDenied</Code></Error>");
    }
    let mut objects = objects.lock().unwrap();
    let missing = || HttpResponse::NotFound().body("<Error><Code>NoSuchKey</Code></Error>");
    let xml = |text: String| HttpResponse::Ok().content_type("application/xml").body(text);
    match request.method().as_str() {
        "PUT" => {
            let from = request.headers().get("x-amz-copy-source").map(|from| from.to_str().unwrap().to_owned());
            let bytes = match &from {
                Some(from) => match objects.get(from.trim_start_matches("/bucket/").trim_start_matches("bucket/")) {
                    Some(bytes) => bytes.clone(),
                    None => return missing(),
                },
                None => body.to_vec(),
            };
            objects.insert(key, bytes);
            let answer = if from.is_some() { "<CopyObjectResult><ETag>\"x\"</ETag></CopyObjectResult>" } else { "" };
            HttpResponse::Ok().insert_header((header::ETAG, "\"x\"")).body(answer)
        }
        "POST" => {
            let text = String::from_utf8(body.to_vec()).unwrap();
            let keys = text.split("<Key>").skip(1).map(|rest| rest.split("</Key>").next().unwrap().to_owned());
            let gone: String = keys
                .map(|key| {
                    objects.remove(&key);
                    format!("<Deleted><Key>{key}</Key></Deleted>")
                })
                .collect();
            xml(format!("<DeleteResult>{gone}</DeleteResult>"))
        }
        "GET" if query.contains("list-type=2") => {
            let prefix = query.split('&').find_map(|part| part.strip_prefix("prefix=")).unwrap_or_default();
            let prefix = prefix.replace("%2F", "/");
            let found = objects.iter().filter(|(key, _)| key.starts_with(&prefix)).map(|(key, bytes)| {
                format!(
                    "<Contents><Key>{key}</Key><Size>{}</Size><LastModified>2020-01-01T00:00:00Z</LastModified></Contents>",
                    bytes.len()
                )
            });
            xml(format!("<ListBucketResult>{}</ListBucketResult>", found.collect::<String>()))
        }
        "GET" | "HEAD" => {
            let Some(bytes) = objects.get(&key) else { return missing() };
            let range = request.headers().get(header::RANGE).map(|range| range.to_str().unwrap().to_owned());
            let mut response = HttpResponse::Ok();
            response.insert_header((header::ETAG, "\"x\"")).insert_header((header::LAST_MODIFIED, DAY));
            match range.as_deref().and_then(|range| range.strip_prefix("bytes=")?.split_once('-')) {
                None => response.body(bytes.clone()),
                Some((first, last)) => {
                    let (first, last): (usize, usize) = (first.parse().unwrap(), last.parse().unwrap());
                    response.status(actix_web::http::StatusCode::PARTIAL_CONTENT);
                    response.insert_header((header::CONTENT_RANGE, format!("bytes {first}-{last}/{}", bytes.len())));
                    response.body(bytes[first..=last].to_vec())
                }
            }
        }
        other => panic!("{other} {key}?{query}"),
    }
}

#[actix_web::test]
async fn files_are_kept_in_a_bucket_and_parts_go_there_directly() {
    let objects = Objects::default();
    let data = web::Data::new(objects.clone());
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let store = format!("http://{}", listener.local_addr().unwrap());
    let app = move || {
        App::new().app_data(data.clone()).app_data(web::PayloadConfig::new(64 << 20)).default_service(web::to(bucket))
    };
    let running = HttpServer::new(app).workers(1).disable_signals().listen(listener).unwrap().run();
    let handle = running.handle();
    let running = tokio::spawn(running);

    let folder = folder();
    let settings = settings_for(evolva_persistence::Dialect::Sqlite, &folder).await;
    evolva_persistence::migrate(&settings.database()).await.unwrap();
    let more = [
        ("EVOLVA_DATABASE_URL", settings.database_url.clone()),
        ("EVOLVA_FILES", "s3://bucket/de/bestanden".to_owned()),
        ("AWS_ENDPOINT_URL", store.clone()),
        ("AWS_ALLOW_HTTP", "true".to_owned()),
        ("AWS_REGION", "eu-west-1".to_owned()),
        ("AWS_ACCESS_KEY_ID", "sleutel".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "geheim".to_owned()),
    ];
    let shown = Command::new(program()).arg("config").envs(more.iter().cloned()).output().unwrap();
    let shown = String::from_utf8(shown.stdout).unwrap();
    assert!(shown.contains("s3://bucket/de/bestanden") && !shown.contains("geheim"), "{shown}");
    // What the store has and no row names is swept at the start.
    let organisation = {
        let db = evolva_persistence::Db::open(&settings.database()).await.unwrap();
        db.operator().await.unwrap().uuid().simple().to_string()
    };
    let stray = format!("de/bestanden/{organisation}/{0}/{0}", uuid::Uuid::now_v7().simple());
    let others = "de/bestanden/readme.txt".to_owned();
    objects.lock().unwrap().extend([(stray.clone(), vec![1]), (others.clone(), vec![2])]);
    let port = free_port();
    let server = Server::start(&folder, port, &[], &more).await;
    let end = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while objects.lock().unwrap().contains_key(&stray) {
        assert!(std::time::Instant::now() < end, "it was not swept");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert!(objects.lock().unwrap().contains_key(&others), "what is nobody's is left alone");
    let issued = Command::new(program())
        .args(["token", "issue"])
        .current_dir(&folder)
        .envs(more.iter().cloned())
        .env("EVOLVA_ISSUER", &server.base)
        .output()
        .unwrap();
    let token = String::from_utf8(issued.stdout).unwrap().trim().to_owned();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let at = |path: &str| format!("http://127.0.0.1:{port}/api/v1/{path}");
    let post = async |path: &str, body: Value| -> Value {
        http.post(at(path)).bearer_auth(&token).json(&body).send().await.unwrap().json().await.unwrap()
    };
    let artefact = post("artefacts", json!({ "kind": "INSIGHT", "title": "x" })).await;
    let attached = async |upload: &str| -> Vec<u8> {
        let attachment = post("attachments", json!({ "artefactId": artefact["id"], "uploadId": upload })).await;
        let url = format!("http://127.0.0.1:{port}{}", attachment["contentUrl"].as_str().unwrap());
        let some = http.get(&url).bearer_auth(&token).header("Range", "bytes=2-5").send().await.unwrap();
        assert_eq!(some.status(), 206);
        let some = some.bytes().await.unwrap();
        let all = http.get(&url).bearer_auth(&token).send().await.unwrap().bytes().await.unwrap().to_vec();
        assert_eq!(some, all[2..6]);
        all
    };
    let direct = evolva_domain::file::DIRECT_PART as usize;
    let bytes: Vec<u8> = (0..direct + 1_000).map(|at| (at * 31 % 251) as u8).collect();
    // Through the server, in parts of its own.
    let announced = json!({ "fileName": "a.bin", "size": bytes.len() });
    let upload = post("uploads", announced.clone()).await["id"].as_str().unwrap().to_owned();
    let request = http.put(at(&format!("uploads/{upload}/content"))).bearer_auth(&token).body(bytes.clone());
    assert_eq!(request.send().await.unwrap().json::<Value>().await.unwrap()["state"], "COMPLETE");
    assert!(attached(&upload).await == bytes);
    // Straight to the store, by addresses that are signed for one part each.
    let upload = post("uploads", announced).await["id"].as_str().unwrap().to_owned();
    let (mut start, mut first) = (0, None);
    while start < bytes.len() {
        let part = http.get(at(&format!("uploads/{upload}/part"))).bearer_auth(&token).send().await.unwrap();
        let part: Value = part.json().await.unwrap();
        let size = part["size"].as_u64().unwrap() as usize;
        assert_eq!(part["firstByte"], json!(start));
        let url = part["url"].as_str().unwrap().to_owned();
        assert!(url.starts_with(&store) && url.contains("X-Amz-Expires=900"), "{url}");
        let sent = http.put(&url).body(bytes[start..start + size].to_vec()).send().await.unwrap();
        assert_eq!(sent.status(), 200);
        let taken = post(&format!("uploads/{upload}/take-part"), json!({})).await;
        start += size;
        assert_eq!(taken["received"], json!(start), "{taken}");
        first.get_or_insert(url);
    }
    // Who still has an address changes nothing of what was taken.
    let sent = http.put(first.unwrap()).body("anders").send().await.unwrap();
    assert_eq!(sent.status(), 200);
    assert!(attached(&upload).await == bytes);
    drop(server);
    handle.stop(false).await;
    running.await.unwrap().unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
}
