//! The two pages as a person meets them: in a real browser, which reaches this machine only.

use crate::harness::World;
use evolva_persistence::Dialect;
use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader, Write},
    os::unix::fs::MetadataExt,
    path::PathBuf,
    process::{Child, ChildStdin, Command, Stdio},
    time::{Duration, Instant},
};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

const FLAGS: &[&str] = &[
    "--headless=new",
    "--remote-debugging-pipe",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    "--no-proxy-server",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-sync",
    "--window-size=1280,1000",
];

/// Headless Chromium with one page, driven over its DevTools pipe: JSON, with a NUL behind each message. Chromium ends
/// when the pipe closes, so it outlives no test, not even one that is killed.
struct Browser {
    child: Child,
    pipe: Option<ChildStdin>,
    messages: UnboundedReceiver<Value>,
    calls: u64,
    session: Value,
    folder: PathBuf,
    /// The address of every request and socket.
    requests: Vec<String>,
    /// Errors on the console, exceptions, and requests that failed.
    faults: Vec<String>,
}

fn program() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let mut all = names.iter().flat_map(|name| std::env::split_paths(&path).map(move |folder| folder.join(name)));
    all.find(|program| program.is_file())
        .unwrap_or_else(|| panic!("the PATH has no browser of {names:?}. On Debian: apt-get install chromium"))
}

impl Browser {
    async fn start() -> Self {
        let program = program();
        let folder = std::env::temp_dir().join(format!("evolva-browser-{}", uuid::Uuid::now_v7().simple()));
        std::fs::create_dir_all(&folder).unwrap();
        let mut command = Command::new("sh");
        // Chromium reads its pipe from descriptor 3 and writes to 4.
        command.args(["-c", r#"exec "$0" "$@" 3<&0 4>&1 </dev/null >/dev/null"#]).arg(program).args(FLAGS);
        command.arg(format!("--user-data-dir={}", folder.join("profile").display()));
        if std::fs::metadata(&folder).unwrap().uid() == 0 {
            // Chromium refuses its sandbox to root.
            command.arg("--no-sandbox");
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(std::fs::File::create(folder.join("log")).unwrap());
        let mut child = command.arg("about:blank").spawn().unwrap();
        let (pipe, out) = (child.stdin.take(), child.stdout.take().unwrap());
        let (sender, messages) = unbounded_channel();
        std::thread::spawn(move || {
            for message in BufReader::new(out).split(0) {
                let Ok(message) = message else { break };
                if sender.send(serde_json::from_slice(&message).unwrap()).is_err() {
                    break;
                }
            }
        });
        let (requests, faults) = (vec![], vec![]);
        let mut browser = Self { child, pipe, messages, calls: 0, session: Value::Null, folder, requests, faults };
        let target = browser.call("Target.createTarget", json!({ "url": "about:blank" })).await["targetId"].clone();
        let attach = json!({ "targetId": target, "flatten": true });
        browser.session = browser.call("Target.attachToTarget", attach).await["sessionId"].clone();
        // Workers of the page report what they do, too.
        let workers = json!({ "autoAttach": true, "waitForDebuggerOnStart": true, "flatten": true });
        browser.call("Target.setAutoAttach", workers).await;
        for domain in ["Network", "Runtime", "Log", "Page"] {
            browser.call(&format!("{domain}.enable"), json!({})).await;
        }
        browser
    }

    fn send(&mut self, session: &Value, method: &str, params: Value) -> u64 {
        self.calls += 1;
        let mut message = json!({ "id": self.calls, "method": method, "params": params });
        if session.is_string() {
            message["sessionId"] = session.clone();
        }
        // If the browser has ended, its answer does not come either, and that is told with its log.
        let _ = self.pipe.as_ref().unwrap().write_all(format!("{message}\0").as_bytes());
        self.calls
    }

    /// Asks the browser, and notes what it reports until it answers.
    async fn try_call(&mut self, method: &str, params: Value) -> Result<Value, Value> {
        let id = self.send(&self.session.clone(), method, params);
        let end = tokio::time::Instant::now() + Duration::from_secs(30);
        loop {
            let message = tokio::time::timeout_at(end, self.messages.recv()).await;
            let Ok(Some(message)) = message else {
                let log = std::fs::read_to_string(self.folder.join("log")).unwrap();
                panic!("the browser does not answer {method}:\n{log}");
            };
            if message["id"] == id {
                let error = &message["error"];
                return if error.is_null() { Ok(message["result"].clone()) } else { Err(error.clone()) };
            }
            self.note(&message);
        }
    }

    async fn call(&mut self, method: &str, params: Value) -> Value {
        self.try_call(method, params).await.unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    fn note(&mut self, message: &Value) {
        let params = &message["params"];
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        match message["method"].as_str().unwrap_or_default() {
            "Network.requestWillBeSent" => self.requests.push(text(&params["request"]["url"])),
            "Network.webSocketCreated" => self.requests.push(text(&params["url"])),
            "Network.responseReceived" if params["response"]["status"].as_u64() >= Some(400) => {
                self.faults.push(format!("{} {}", params["response"]["status"], text(&params["response"]["url"])));
            }
            "Network.loadingFailed" => self.faults.push(format!("failed: {}", text(&params["errorText"]))),
            "Runtime.exceptionThrown" => self.faults.push(format!("exception: {}", params["exceptionDetails"])),
            "Runtime.consoleAPICalled" if params["type"] == "error" || params["type"] == "assert" => {
                self.faults.push(format!("console: {}", params["args"]));
            }
            "Log.entryAdded" if params["entry"]["level"] == "error" => {
                self.faults.push(format!("log: {} {}", text(&params["entry"]["text"]), text(&params["entry"]["url"])));
            }
            "Target.attachedToTarget" => {
                for method in ["Network.enable", "Runtime.enable", "Runtime.runIfWaitingForDebugger"] {
                    self.send(&params["sessionId"], method, json!({}));
                }
            }
            _ => {}
        }
    }

    async fn open(&mut self, url: &str) {
        let done = self.call("Page.navigate", json!({ "url": url })).await;
        assert!(done["errorText"].is_null(), "{url}: {done}");
    }

    async fn run(&mut self, script: &str) -> Option<Value> {
        let params = json!({ "expression": script, "returnByValue": true });
        // While a page loads there is nothing yet to run in.
        let done = self.try_call("Runtime.evaluate", params).await.ok()?;
        done["exceptionDetails"].is_null().then(|| done["result"]["value"].clone())
    }

    /// Waits until the script's value is neither null nor false.
    async fn until(&mut self, script: &str) -> Value {
        let end = Instant::now() + Duration::from_secs(30);
        loop {
            match self.run(script).await {
                None | Some(Value::Null | Value::Bool(false)) => {}
                Some(value) => return value,
            }
            if Instant::now() > end {
                let page = self.run("document.body.innerText").await;
                panic!("never came: {script}\nfaults: {:#?}\npage: {}", self.faults, page.unwrap_or_default());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits until the text shows in what the selector finds.
    async fn shows(&mut self, selector: &str, text: &str) {
        // The editors write each space as one that does not break.
        let script = "[...document.querySelectorAll(SELECTOR)].some(one => one.innerText.replaceAll('\\u00a0', ' ').includes(TEXT))";
        self.until(&script.replace("SELECTOR", &json!(selector).to_string()).replace("TEXT", &json!(text).to_string()))
            .await;
    }

    /// Clicks with the mouse on the first that the selector finds and nothing covers.
    async fn click(&mut self, selector: &str) {
        let script = "(() => { for (const one of document.querySelectorAll(SELECTOR)) {
            one.scrollIntoViewIfNeeded();
            const box = one.getBoundingClientRect();
            const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
            if (one.contains(document.elementFromPoint(at.x, at.y))) return at;
        } })()";
        let at = self.until(&script.replace("SELECTOR", &json!(selector).to_string())).await;
        for kind in ["mousePressed", "mouseReleased"] {
            let event = json!({ "type": kind, "x": at["x"], "y": at["y"], "button": "left", "clickCount": 1 });
            self.call("Input.dispatchMouseEvent", event).await;
        }
    }

    async fn press(&mut self, key: &str, code: u32, modifiers: u32) {
        for kind in ["rawKeyDown", "keyUp"] {
            let event = json!({ "type": kind, "key": key, "windowsVirtualKeyCode": code, "modifiers": modifiers });
            self.call("Input.dispatchKeyEvent", event).await;
        }
    }

    fn requests_elsewhere(&self, base: &str) -> Vec<&String> {
        let here = |url: &str| ["data:", "blob:", &format!("{base}/")].iter().any(|start| url.starts_with(start));
        self.requests.iter().filter(|url| !here(url)).collect()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        self.pipe = None;
        let end = Instant::now() + Duration::from_secs(5);
        while Instant::now() < end && matches!(self.child.try_wait(), Ok(None)) {
            std::thread::sleep(Duration::from_millis(20));
        }
        // Mostly it has ended by itself, and what is left in a folder for temporary files harms nobody.
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

const RESULT: &str = ".graphiql-response .view-lines";
const HEADERS: &str = ".graphiql-editor-tool .view-lines";

#[actix_web::test]
async fn graphiql_answers_with_a_token_and_is_refused_without() {
    let world = World::new(Dialect::Sqlite).await;
    let mut browser = Browser::start().await;
    browser.open(&format!("{}/graphql", world.base)).await;
    let page = world.http.get(format!("{}/graphql", world.base)).header("Accept", "text/html");
    if !world.send(page, None).await.text.contains("/graphql/assets/") {
        eprintln!("GraphiQL is not bundled, so it was not tried: run 'cargo xtask assets' and test again.");
        browser.shows("body", "This build has no GraphiQL of its own").await;
        drop(browser);
        return world.end().await;
    }
    browser.shows(".graphiql-query-editor .view-lines", "{ viewer { organisation { name } scopes } }").await;

    // Without a token: neither the schema nor an answer.
    browser.click("[aria-label='Show Documentation Explorer']").await;
    browser.shows(".graphiql-doc-explorer", "Error fetching schema").await;
    browser.click(".graphiql-execute-button").await;
    browser.shows(RESULT, "\"code\": \"UNAUTHENTICATED\"").await;
    let refused = std::mem::take(&mut browser.faults);
    assert!(!refused.is_empty() && refused.iter().all(|fault| fault.contains("401")), "{refused:#?}");

    // The token goes where the page has left its place: before the last quote of the second line.
    browser.shows(HEADERS, "\"Authorization\": \"Bearer \"").await;
    browser.click(HEADERS).await;
    let control = 2;
    for (key, code, modifiers) in [("Home", 36, control), ("ArrowDown", 40, 0), ("End", 35, 0), ("ArrowLeft", 37, 0)] {
        browser.press(key, code, modifiers).await;
    }
    browser.call("Input.insertText", json!({ "text": world.host.token })).await;
    browser.click(".graphiql-execute-button").await;
    browser.shows(RESULT, "\"name\": \"host\"").await;
    browser.click("[aria-label^='Re-fetch GraphQL schema']").await;
    browser.click(".graphiql-doc-explorer-type-name").await;
    browser.shows(".graphiql-doc-explorer", "cops").await;

    assert!(browser.requests.contains(&format!("{}/graphql/assets/workers/editor.worker.js", world.base)));
    assert_eq!((browser.requests_elsewhere(&world.base), &browser.faults), (vec![], &vec![]));
    drop(browser);
    world.end().await;
}

#[actix_web::test]
async fn the_reference_shows_the_operations() {
    let world = World::new(Dialect::Sqlite).await;
    let mut browser = Browser::start().await;
    browser.open(&format!("{}/docs", world.base)).await;
    browser.shows(".opblock-get .opblock-summary-path", "/api/v1/cops").await;
    browser.click("#operations-cops-createCop .opblock-summary-control").await;
    browser.shows("#operations-cops-createCop .opblock-body", "slug").await;
    assert!(browser.requests.contains(&format!("{}/api/v1/openapi.json", world.base)));
    assert_eq!((browser.requests_elsewhere(&world.base), &browser.faults), (vec![], &vec![]));
    drop(browser);
    world.end().await;
}

/// The tests above find nothing wrong; this one says that they would.
#[actix_web::test]
async fn what_goes_wrong_in_a_page_is_noted() {
    let world = World::new(Dialect::Sqlite).await;
    let mut browser = Browser::start().await;
    browser.open(&format!("{}/health/live", world.base)).await;
    browser.shows("body", "live").await;
    assert_eq!((browser.requests_elsewhere(&world.base), &browser.faults), (vec![], &vec![]));
    let script = "console.error('said'); setTimeout(() => { throw new Error('thrown'); }); fetch('/nowhere');
        fetch('http://elsewhere.example/page').catch(() => 0); fetch('http://192.0.2.1/').catch(() => 0);
        new WebSocket('ws://elsewhere.example/socket');
        new Worker(URL.createObjectURL(new Blob([\"fetch('http://elsewhere.example/worker').catch(() => 0)\"])));";
    browser.run(script).await;
    let elsewhere = [
        "http://192.0.2.1/",
        "http://elsewhere.example/page",
        "http://elsewhere.example/worker",
        "ws://elsewhere.example/socket",
    ];
    let faults = ["console: ", "exception: ", "404 ", "failed: net::ERR_NAME_NOT_RESOLVED", "log: WebSocket"];
    let end = Instant::now() + Duration::from_secs(10);
    loop {
        browser.shows("body", "live").await;
        let mut seen = browser.requests_elsewhere(&world.base);
        seen.sort();
        let noted = |start: &&str| browser.faults.iter().any(|fault| fault.starts_with(start));
        if seen == elsewhere && faults.iter().all(noted) {
            break;
        }
        assert!(Instant::now() < end, "{:#?}\n{:#?}", browser.requests, browser.faults);
    }
    drop(browser);
    world.end().await;
}
