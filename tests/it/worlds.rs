//! Two databases that differ only in what a viewer may not see answer alike: every read, list, filter, order, cursor,
//! count, error and refused change of both surfaces, byte for byte but for the request's own id. Each difference shows
//! to who may see it. The requests are made from the published contract (`requests`), the worlds by `scenes`.

use crate::{
    focus::{focus_of, own_of, rows},
    harness::World,
    requests::{Contract, Request, get},
    scenes::{self, Differing},
};
use futures_util::StreamExt;
use serde_json::Value;
use std::collections::BTreeSet;

/// An answer, without the time of day and the request's own id.
#[derive(PartialEq, Debug, Clone)]
struct Said {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

/// Who looks.
struct Viewer<'a> {
    name: &'static str,
    token: &'a str,
}

fn tokens<'a>(viewers: &[Viewer<'a>]) -> Vec<&'a str> {
    viewers.iter().map(|viewer| viewer.token).collect()
}

async fn send(world: &World, token: &str, request: &Request, path: &str) -> Said {
    let mut sent = world.http.request(request.method.clone(), format!("{}{path}", world.base));
    for (name, value) in &request.headers {
        sent = sent.header(*name, value);
    }
    if let Some(body) = &request.body {
        sent = sent.json(body);
    }
    let answer = world.send(sent, Some(token)).await;
    assert!(answer.status < 500, "{} {path} {:?}: {}", request.calls, request.body, answer.text);
    let id = answer.header("x-request-id").to_owned();
    // The connection's own header is no part of the answer (RFC 9110, section 7.6.1): the server ends a connection when it
    // refuses a request before all of it has arrived. In which order headers stand is each thread's throw of the dice.
    let passing = ["date", "x-request-id", "connection"];
    let headers = answer.headers.iter().filter(|(name, _)| !passing.contains(&name.as_str()));
    let mut headers: Vec<_> =
        headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
    headers.sort();
    Said { status: answer.status, headers, body: answer.text.replace(&id, "") }
}

/// What a server answers to a request, on all its pages, and once more to who has the answer already.
async fn ask(world: &World, token: &str, request: &Request) -> Vec<Said> {
    let mut all = vec![send(world, token, request, &request.path).await];
    if !request.follow {
        return all;
    }
    let header =
        |said: &Said, name: &str| said.headers.iter().find(|(one, _)| one == name).map(|(_, value)| value.clone());
    if let Some(etag) = header(&all[0], "etag") {
        let known = Request { headers: vec![("If-None-Match", etag)], ..request.clone() };
        let unchanged = send(world, token, &known, &request.path).await;
        assert_eq!(unchanged.status, 304, "{}", request.path);
        all.push(unchanged);
    }
    let mut next = header(&all[0], "link");
    while let Some(link) = next {
        let page = send(world, token, request, link.split(['<', '>']).nth(1).unwrap()).await;
        next = header(&page, "link");
        all.push(page);
    }
    all
}

/// What of the contract was called, and which of it showed a difference to who may see it.
#[derive(Default)]
struct Tally {
    asked: usize,
    viewers: usize,
    called: BTreeSet<String>,
    tried: BTreeSet<(String, String)>,
    told: BTreeSet<(String, String)>,
}

/// Sends the same requests to both worlds: those that were answered differently.
async fn differing(
    tally: &mut Tally,
    worlds: [&World; 2],
    token: &str,
    requests: &[Request],
) -> Vec<(Request, Vec<Said>, Vec<Said>)> {
    let asked = futures_util::stream::iter(requests).map(async |request| {
        let (one, other) = futures_util::join!(ask(worlds[0], token, request), ask(worlds[1], token, request));
        (request, one, other)
    });
    let mut found = vec![];
    let mut asked = std::pin::pin!(asked.buffered(6));
    while let Some((request, one, other)) = asked.next().await {
        tally.asked += one.len() + other.len();
        tally.called.insert(request.calls.clone());
        tally.tried.insert((request.calls.clone(), request.tries.clone()));
        if one != other {
            found.push((request.clone(), one, other));
        }
    }
    found
}

/// Where two answers part.
fn apart(one: &[Said], other: &[Said]) -> String {
    let (one, other) = (format!("{one:?}"), format!("{other:?}"));
    let place = one.chars().zip(other.chars()).take_while(|(one, other)| one == other).count();
    let around = |text: &str| text.chars().skip(place.saturating_sub(120)).take(240).collect::<String>();
    format!("{}\n  {}", around(&one), around(&other))
}

/// The common world, and everything that was compared with it.
struct Comparison<'a> {
    contract: Contract,
    common: &'a World,
    feeds: &'a [(&'static str, String)],
    tally: Tally,
}

impl Comparison<'_> {
    /// Somebody's own calendar feeds, which are read without a token.
    fn feeds_of(&self, viewer: &Viewer<'_>) -> Vec<Request> {
        let own = self.feeds.iter().filter(|(whose, _)| *whose == viewer.name);
        own.map(|(_, path)| get("get /calendar/{address}", "", path.clone())).collect()
    }

    /// Those who do not see what a world differs by are answered alike.
    async fn alike(&mut self, name: &str, world: &World, seers: &[Viewer<'_>], blind: &[Viewer<'_>]) {
        let worlds = [self.common, world];
        let focus = focus_of(worlds, &tokens(seers)).await;
        assert!(!focus.added.is_empty(), "{name}: nothing was added");
        for viewer in blind {
            let own = own_of(self.common, viewer.token).await;
            let seen = rows(self.common, viewer.token).await.into_keys().map(|(_, id)| id).collect();
            let mut requests = self.contract.reads(&focus);
            requests.extend(self.contract.changes(&focus.hidden(&seen), &own, false));
            requests.extend(self.feeds_of(viewer));
            // The operator is told how much there is, and nothing of what it is: `operator_is_told_counts_alone`.
            requests
                .retain(|request| viewer.token != self.common.operator || !COUNTS.contains(&request.calls.as_str()));
            let found = differing(&mut self.tally, worlds, viewer.token, &requests).await;
            self.tally.viewers += 1;
            for (request, one, other) in found.iter().take(5) {
                println!("{name} to {}: {request:?}\n  {}", viewer.name, apart(one, other));
            }
            let (count, all) = (found.len(), requests.len());
            assert!(found.is_empty(), "{name}: {count} of {all} answers tell {} of it", viewer.name);
        }
    }

    /// Those who see it are answered differently. What they try may be done, so it comes last.
    async fn apart(&mut self, world: &World, seers: &[Viewer<'_>]) {
        let worlds = [self.common, world];
        let focus = focus_of(worlds, &tokens(seers)).await;
        for change in [false, true] {
            for seer in seers {
                let own = own_of(self.common, seer.token).await;
                let requests = match change {
                    false => self.contract.reads(&focus).into_iter().chain(self.feeds_of(seer)).collect(),
                    true => self.contract.changes(&focus, &own, true),
                };
                let requests = untold(&self.tally, requests);
                let found = differing(&mut self.tally, worlds, seer.token, &requests).await;
                self.tally.told.extend(found.into_iter().map(|(request, ..)| (request.calls, request.tries)));
            }
        }
    }
}

/// What has not yet shown a difference to anybody.
fn untold(tally: &Tally, requests: Vec<Request>) -> Vec<Request> {
    let told = |request: &Request| tally.told.contains(&(request.calls.clone(), request.tries.clone()));
    requests.into_iter().filter(|request| !told(request)).collect()
}

crate::both!(what_a_viewer_may_not_see_changes_no_answer, |world| {
    let start = std::time::Instant::now();
    let base = scenes::base(&world).await;
    stop_the_clock_of_tokens(&world).await;
    // What is tried between the first two worlds is tried in one that is compared with nothing after that.
    let copies = world.copies(4).await.try_into();
    let [common, tried, others, partners]: [World; 4] = copies.unwrap_or_else(|_| unreachable!());
    let viewer = |name: &'static str, token| Viewer { name, token };
    let host = || viewer("the host", &common.host.token);
    let partner = || viewer("the partner", &common.partner.token);
    let outsider = || viewer("the outsider", &common.outsider.token);
    let evolva = || viewer("the operator's organisation", &common.evolva.token);
    let member = || viewer("a member", &base.circle.member.1);
    let colleague = || viewer("a colleague", &base.circle.colleague.1);
    let guide = || viewer("the facilitator", &base.circle.guide);
    let public = || viewer("the public", &common.partner.public);
    let operator = || viewer("the operator", &common.operator);
    let tally = Tally::default();
    let mut comparison =
        Comparison { contract: Contract::read(&common).await, common: &common, feeds: &base.feeds, tally };

    let mut change = Differing { world: &others, count: 0 };
    change.an_organisation(&common.outsider, "erbij").await;
    change.a_community(&common.host, &common.outsider, &base.elsewhere, "erbij").await;
    let mut seers = vec![outsider(), host()];
    comparison.alike("a CoP of others", &others, &seers, &[evolva(), operator()]).await;
    change.an_organisation(&common.evolva, "ook-erbij").await;
    change.between_the_sides(&base).await;
    seers.extend([guide(), evolva()]);
    comparison.alike("between the sides", &others, &seers, &[member()]).await;
    change.for_members(&base).await;
    seers.push(member());
    comparison.alike("for members", &others, &seers, &[partner()]).await;
    change.a_draft(&base).await;
    comparison.alike("a draft", &others, &seers, &[colleague()]).await;
    change.for_the_network(&base).await;
    seers.push(colleague());
    comparison.alike("for the network", &others, &seers, &[public()]).await;
    change.for_everybody(&base).await;
    comparison.common = &tried;
    comparison.apart(&others, &seers).await;
    keys_that_others_have_are_free(&comparison, &others).await;
    comparison.common = &common;
    operator_is_told_counts_alone(&mut comparison, &others).await;
    let mut differences = change.count;

    let mut change = Differing { world: &partners, count: 0 };
    change.an_organisation(&common.partner, "erbij").await;
    change.a_draft(&base).await;
    let mut seers = vec![member(), partner()];
    comparison.alike("of another organisation", &partners, &seers, &[host(), guide()]).await;
    change.for_members(&base).await;
    seers.push(host());
    comparison.alike("for members of others", &partners, &seers, &[outsider(), evolva(), public()]).await;
    comparison.apart(&partners, &seers).await;
    differences += change.count;

    let Comparison { contract, tally, .. } = comparison;
    println!(
        "{} answers to {} viewers, {differences} differences, in {:?}",
        tally.asked,
        tally.viewers,
        start.elapsed()
    );
    everything_was_called(&contract, &tally);
    assert!(differences > 100, "{differences} differences");
    tried.end().await;
    others.end().await;
    partners.end().await;
    world = common;
});

/// What is named by a key or a short name that another organisation has given: it is made as if nobody had. Who has given
/// it is told.
async fn keys_that_others_have_are_free(comparison: &Comparison<'_>, world: &World) {
    let (contract, common) = (&comparison.contract, comparison.common);
    let mut made = BTreeSet::new();
    let mut told = BTreeSet::new();
    let mut all = BTreeSet::new();
    for actor in [&common.partner, &common.evolva, &common.outsider] {
        let (token, owner) = (actor.token.as_str(), actor.id == common.outsider.id);
        let mut requests = contract.creations("erbij", &own_of(common, token).await);
        // Imports first, for they only say what they would do. Then one makes them, and another who has no such key yet
        // puts them; only the former has a CoP of its own with members.
        requests.sort_by_key(|request| (request.tries != "dryRun", request.method != "PUT"));
        let puts = actor.id == common.evolva.id;
        let by_post = |request: &&Request| request.method == "POST" && request.tries != "dryRun";
        let posted: BTreeSet<_> = requests.iter().filter(by_post).map(|request| request.path.clone()).collect();
        // Whether a session still takes who registers, what was tried before has changed.
        requests.retain(|request| owner || !request.path.contains("REGISTRATIONS"));
        requests.retain(|request| {
            // What is made with a key by a put alone, somebody puts who has what it refers to.
            let by_post = posted.contains(&list_of(&request.path));
            owner || request.tries == "dryRun" || (request.method == "PUT") == (puts == by_post)
        });
        for request in requests {
            let one = send(common, token, &request, &request.path).await;
            let other = send(world, token, &request, &request.path).await;
            let alike = one.status == other.status && without_its_own(&one.body) == without_its_own(&other.body);
            assert!(alike || owner, "{request:?} tells that another has the key:\n{}\n{}", one.body, other.body);
            all.insert(request.path.clone());
            made.extend((!owner && one.status == 201).then(|| request.path.clone()));
            told.extend((!alike).then(|| list_of(&request.path)));
        }
    }
    // Only the operator admits an organisation; whose code an element's is, its concept says; and registrations are
    // posted.
    let never = |path: &&String| {
        !["/api/v1/organisations", "/api/v1/concept-elements"].contains(&path.as_str())
            && !path.contains("REGISTRATIONS")
    };
    assert_eq!(all.difference(&made).filter(never).collect::<Vec<_>>(), Vec::<&String>::new(), "nobody made these");
    // The first of the two ways to make it tells; after it, all worlds have the key.
    let all: BTreeSet<_> = all.iter().map(|path| list_of(path)).collect();
    assert_eq!(all.difference(&told).filter(never).collect::<Vec<_>>(), Vec::<&String>::new(), "no owner was told");
}

fn list_of(path: &str) -> String {
    path.split("/by-external-id").next().unwrap().to_owned()
}

/// A new row without what is its own: its id, where its content is, and when it was made.
fn without_its_own(body: &str) -> String {
    let mut body: Value = serde_json::from_str(body).unwrap();
    if let Some(body) = body.as_object_mut() {
        for name in ["id", "contentUrl", "createdAt", "updatedAt", "finishedAt", "traceId"] {
            body.remove(name);
        }
    }
    body.to_string()
}

/// What tells the operator how much there is of each organisation.
const COUNTS: &[&str] = &["get /api/v1/network-overview", "query networkOverview"];

/// Where organisations made something more, the operator is answered other numbers, and the same without its numbers.
async fn operator_is_told_counts_alone(comparison: &mut Comparison<'_>, world: &World) {
    let operator = comparison.common.operator.as_str();
    let focus = focus_of([comparison.common, world], &[comparison.common.host.token.as_str()]).await;
    let without_numbers =
        |said: &[Said]| said[0].body.chars().filter(|c| !c.is_ascii_digit() && *c != ',').collect::<String>();
    for request in comparison.contract.reads(&focus) {
        if COUNTS.contains(&request.calls.as_str()) {
            let one = ask(comparison.common, operator, &request).await;
            let other = ask(world, operator, &request).await;
            assert_eq!((one[0].status, without_numbers(&one)), (200, without_numbers(&other)));
            assert_ne!(one, other, "{request:?}");
            comparison.tally.told.insert((request.calls, request.tries));
        }
    }
}

/// Requests that cannot tell anything of a difference in rows, and why.
const NEVER_TOLD: &[(&str, &str)] = &[
    ("/api/v1/organisations", "the directory is open, and only the operator admits one"),
    ("query organisation", "the directory is open"),
    ("mutation organisation", "the directory is open"),
    ("get /api/v1/viewer", "it tells of the token alone"),
    ("enum", "words, and no rows"),
    ("post /api/v1/imports", "refused before it starts"),
    ("contact-form", "it tells of the own organisation's settings, and the directory shows to all when these change"),
    (
        "query contactForm",
        "it tells of the own organisation's settings, and the directory shows to all when these change",
    ),
];

/// Every path and method of the one document and every root of the other was called, and each way to ask showed a
/// difference to somebody who may see it.
fn everything_was_called(contract: &Contract, tally: &Tally) {
    let left: Vec<_> = contract.all().into_iter().filter(|one| !tally.called.contains(one)).collect();
    assert!(left.is_empty(), "nobody calls these, so nobody knows what they tell: {left:?}");
    let silent = |(calls, tries): &&(String, String)| {
        let directory = tries == "org" || tries == "organisationId" && !calls.starts_with("get");
        let refused = ["nothing", "first"].contains(&tries.as_str());
        // After the only row that differs there may be none.
        refused || directory || tries == "after" || NEVER_TOLD.iter().any(|(what, _)| calls.contains(what))
    };
    let left: Vec<_> = tally.tried.difference(&tally.told).filter(|one| !silent(one)).collect();
    assert!(left.is_empty(), "these told nobody of any difference: {left:?}");
}

/// When a token was used last is the one value that the clock alone changes: it stands still in all worlds.
async fn stop_the_clock_of_tokens(world: &World) {
    if world.database_url.starts_with("sqlite://") {
        let still = "CREATE TRIGGER still BEFORE UPDATE OF last_used_at ON token \
                     WHEN NEW.last_used_at IS NOT OLD.last_used_at BEGIN SELECT RAISE(IGNORE); END";
        world.sql(still).await;
        return;
    }
    let still = "CREATE FUNCTION still() RETURNS trigger LANGUAGE plpgsql AS \
                 'BEGIN NEW.last_used_at := OLD.last_used_at; RETURN NEW; END'";
    world.sql(still).await;
    let still = "CREATE TRIGGER still BEFORE UPDATE ON token FOR EACH ROW EXECUTE FUNCTION still()";
    world.sql(still).await;
}
