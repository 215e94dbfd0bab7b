"""Brings what digital.gov published about its communities of practice into a tenant of the platform, over REST.

    python3 tests/import_digitalgov.py --url http://127.0.0.1:8080 --token TOKEN --data ../shared/data/digitalgov

It needs Python 3.11 and nothing else. The token (or EVOLVA_TOKEN) needs concepts:read, concepts:write, themes:write,
people:write, cops:write, memberships:write, artefacts:write, sessions:write, imports:read, imports:write and
imports:history.

Rows go as uneven as they are, so that the server says what is wrong with each. A row that is refused only because it
refers to something unknown is sent once more without that reference, and counted as mended. It can be run again at
any time: what is there already stays unchanged.

An event becomes a session. Which communities it is of, its host says in free text (its own list of communities, if
filled, goes first): a community is named where its title, what stands in or before the brackets of its title, its
acronym or its slug stands there as whole words. Case, punctuation, "and", "&" and a plural s make no difference, and
longer names are found first. An event that names one community is a REGULAR session of its CoP; one that names
several is a NETWORK_MEETING that each of their CoPs joins; one that names none is a NETWORK_MEETING of no CoP; both
are for the network. Each event that is not linked to one CoP is listed with the reason; nothing is guessed from its
title or text. A session has no summary: summary and text are what was planned (`planned`), so that its report can go
on from there. Who speaks has no didactic or other perspective in the source, so speakers are no expert contributions
but convenors of agenda items, one each. Events keep the moments that their offsets say; the offsets are those of the
east of the United States, so the time zone is America/New_York. (In summer most have the winter offset, which the
source does not explain, so their local time is an hour later there.) Events are HELD, for they are past and have no
report; their recording is where the source says. Events with one slug are told apart by their day: the first has the
slug as its key, a further one its day beside it.

In the table `failed` is what did not get in at all; `mended` rows are among the created, updated and unchanged ones,
and the list of refused rows has both. A line is that of the stream that was sent. It exits with 0 if every import
completed, with 1 and the reason if not; refused rows are reported and no reason to stop.
"""

import argparse
import html
import http.client
import json
import os
import re
import sys
import time
from datetime import datetime, timezone
from pathlib import Path
from urllib.parse import urlencode, urlsplit

CONCEPT = "digitalgov"
GENERAL = "general"
TIMEOUT_SECONDS = 300
ATTEMPTS = 5
COUNTS = ("created", "updated", "unchanged")
# The references that a row can do without.
MENDABLE = {"themeExternalId", "facilitatorExternalId", "authorExternalIds"}


class Stop(Exception):
    """Why it cannot go on, in one line."""


class Api:
    def __init__(self, url, token):
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise Stop(f"--url {url}: {error}") from None
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise Stop(f"--url must be an http or https address: {url}")
        if not (token.isascii() and token.isprintable()):
            raise Stop("the token holds characters that no token has")
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self.connect = lambda: kind(parts.hostname, port, timeout=TIMEOUT_SECONDS)
        self.url, self.prefix, self.token = url, parts.path.rstrip("/"), token

    def call(self, method, path, value=None, rows=None, there=False):
        """Sends a JSON value, or the rows that `rows()` yields as an NDJSON stream. Returns the body of the answer, or
        None where `there` allows that it is there already."""
        for attempt in range(1, ATTEMPTS + 1):
            headers, body = {"Authorization": f"Bearer {self.token}"}, None
            if value is not None:
                headers["Content-Type"], body = "application/json", json.dumps(value).encode()
            if rows is not None:
                # http.client sends what it can only iterate over chunk by chunk.
                headers["Content-Type"] = "application/x-ndjson"
                body = (json.dumps(row).encode() + b"\n" for row in rows())
            status, answer, content = self.exchange(method, path, body, headers)
            if status == 429 and attempt < ATTEMPTS:
                wait = answer.get("Retry-After", "")
                time.sleep(min(int(wait), 60) if wait.isdigit() else 5)
                continue
            if 200 <= status < 300:
                return content
            if there and status == 409 and reason(content).startswith("ALREADY_EXISTS"):
                return None
            raise Stop(f"{method} {path} was answered {status} {reason(content)}")

    def exchange(self, method, path, body, headers):
        connection = self.connect()
        try:
            try:
                connection.connect()
            except OSError as error:
                raise Stop(f"cannot reach {self.url}: {error}") from None
            try:
                connection.request(method, self.prefix + path, body, headers)
            except (BrokenPipeError, ConnectionResetError):
                pass  # A server that refuses before it has read everything may have said why.
            response = connection.getresponse()
            return response.status, response.headers, response.read()
        except (OSError, http.client.HTTPException) as error:
            why = str(error) or type(error).__name__
            raise Stop(f"{method} {path} broke off: {why}. What was committed stays; run it again.") from None
        finally:
            connection.close()

    def json(self, *args, **kwargs):
        content = self.call(*args, **kwargs)
        try:
            return json.loads(content)
        except ValueError:
            raise Stop(f"{args[0]} {args[1]} was not answered with JSON: {content[:80]!r}") from None

    def take(self, collection, rows):
        """Imports rows and waits until that is done."""
        query = urlencode({"collection": collection, "history": "true"})
        job = self.json("POST", f"/api/v1/imports?{query}", rows=rows)
        if job.get("state") != "COMPLETED":
            name, state = job.get("id"), job.get("state")
            raise Stop(f"the import {name} of {collection} ended {state}. What was committed stays; run it again.")
        return job

    def results(self, job):
        """What became of each row of an import."""
        content = self.call("GET", f"/api/v1/imports/{job}/results")
        return [json.loads(line) for line in content.split(b"\n") if line.strip()]

    def failed_rows(self, job):
        """The rows of an import that were refused, with their errors."""
        if not job["failed"]:
            return []
        results = self.results(job["id"])
        failed = [result for result in results if result["outcome"] == "FAILED"]
        if len(failed) != job["failed"]:
            raise Stop(f"the import {job['id']} counts {job['failed']} failed rows, but its results have {len(failed)}")
        return failed


def reason(content):
    """What a problem document says, in one line."""
    try:
        problem = json.loads(content)
        said = f"{problem['code']}: {problem['detail']}"
    except (ValueError, KeyError, TypeError):
        said = content[:200].decode(errors="replace")
    return " ".join(said.split())


def ensure_concept(api):
    """Makes the concept if the tenant has none. Whether it did."""
    found = api.json("GET", f"/api/v1/concepts?{urlencode({'externalId': CONCEPT})}")
    # Others' concepts are readable too, but an externalId is shown to its owner only.
    if any(concept.get("externalId") == CONCEPT for concept in found["items"]):
        return False
    concept = {"externalId": CONCEPT, "name": "Digital.gov communities of practice", "profile": "OPEN"}
    api.json("POST", "/api/v1/concepts", concept)
    return True


# What a row of the source becomes. `refused` holds the references that the server did not know, as (field, externalId).


def text(value):
    return html.unescape(value or "").strip()


def filled(**fields):
    return {name: value for name, value in fields.items() if value not in (None, "", [])}


def known(field, references, refused):
    return [reference for reference in references or [] if (field, reference) not in refused]


def themes(topic, _refused):
    yield {"externalId": topic["slug"], "title": text(topic["title"])} | filled(
        slug=topic["slug"],
        summary=text(topic["summary"]),
        description=text(topic["deck"]),
        conceptExternalId=CONCEPT,
    )


def people(person, _refused):
    yield {"externalId": person["slug"], "displayName": text(person["display_name"])} | filled(
        affiliation=text(person["organisation"]),
    )


def cops(community, refused):
    topics = known("themeExternalId", community["topics"], refused)
    leads = known("facilitatorExternalId", community["leads"], refused)
    terms = community["joining_terms"]
    description = [community["body"], f"## Who can join\n\n{terms}" if terms else None]
    audience = "PUBLIC" if community["audience"] == "public" else "NETWORK"
    yield {"externalId": community["slug"], "title": text(community["title"])} | filled(
        slug=community["slug"],
        summary=text(community["summary"]),
        description="\n\n".join(part for part in description if part),
        conceptExternalId=CONCEPT,
        themeExternalId=next(iter(topics), GENERAL),
        facilitatorExternalId=next(iter(leads), None),
        startDate=(community["created"] or "")[:10],
        listingAudience=audience,
        contentCeiling=audience,
        status="ACTIVE",
    )


def memberships(community, _refused):
    for lead in community["leads"]:
        yield {
            "externalId": f"{community['slug']}/{lead}",
            "copExternalId": community["slug"],
            "personExternalId": lead,
            "role": "LEAD",
            "state": "ACTIVE",
        }


def artefacts(article, refused):
    topics = article["topics"]
    # A topic that is no theme is still a tag.
    theme = next(iter(known("themeExternalId", topics, refused)), GENERAL)
    kinds = {"news": "EXPERIENCE", "resource": "PRACTICAL_AID"}
    yield {"externalId": article["slug"], "title": text(article["title"])} | filled(
        kind=kinds.get(article["kind"], article["kind"]),
        summary=text(article["summary"]),
        body=article["body"],
        sourceUrl=article["source_url"],
        licence="CC0-1.0",
        tags=[topic for topic in dict.fromkeys(topics) if topic != theme],
        audience="PUBLIC",
        themeExternalId=theme,
        authorExternalIds=known("authorExternalIds", article["authors"], refused),
        state="VALIDATED",
        publishedAt=article["published"],
    )


def words_of(name):
    """A name without case, punctuation, "and" and plurals, between spaces."""
    words = re.sub(r"[^0-9a-z]+", " ", text(name).lower().replace(".", "")).split()
    singular = [word[:-1] if len(word) > 3 and word.endswith("s") else word for word in words if word != "and"]
    return f" {' '.join(singular)} "


class Events:
    """The events, with the communities that their hosts name."""

    def __init__(self, folder):
        self.names = {}
        for community in read(folder / "communities.ndjson"):
            bracketed = re.findall(r"\(([^)]*)\)", community["title"])
            plain = re.sub(r"\([^)]*\)", " ", community["title"])
            for name in [community["title"], plain, *bracketed, community["acronym"], community["slug"]]:
                if name and words_of(name).strip():
                    self.names.setdefault(words_of(name), set()).add(community["slug"])
        self.all = list(read(folder / "events.ndjson"))
        # A meeting that comes again has the slug of the one before: further ones are told apart by their day.
        self.keys = {}
        for event in self.all:
            slug, start = event["slug"], event["start"]
            first = all(known != slug for known, _ in self.keys)
            self.keys[slug, start] = slug if first else f"{slug}/{(start or '')[:10]}"

    def key(self, event):
        return self.keys[event["slug"], event["start"]]

    def communities(self, event):
        """Slugs of the communities that an event names, and why it is linked to none or several."""
        if event["communities"]:
            named = set(event["communities"])
        else:
            host, named = words_of(event["host"]), set()
            if not host.strip():
                return [], "it has no host"
            for name in sorted(self.names, key=len, reverse=True):
                if name in host:
                    if len(self.names[name]) > 1:
                        return [], f"its host '{text(event['host'])}' fits several communities by the same words"
                    named |= self.names[name]
                    host = host.replace(name, " | ")
        if not named:
            return [], f"its host '{text(event['host'])}' names no community"
        if len(named) > 1:
            return sorted(named), f"its host '{text(event['host'])}' names {' and '.join(sorted(named))}"
        return sorted(named), None

    def sessions(self, event, _refused):
        communities, _ = self.communities(event)
        eastern = (event["start"] or "").endswith(("-05:00", "-04:00"))
        over = bool(event["start"]) and datetime.fromisoformat(event["start"]) < datetime.now(timezone.utc)
        yield {"externalId": self.key(event), "title": text(event["title"])} | filled(
            copExternalId=communities[0] if len(communities) == 1 else None,
            kind="REGULAR" if len(communities) == 1 else "NETWORK_MEETING",
            audience="PARTNERS" if len(communities) == 1 else "NETWORK",
            startsAt=event["start"],
            endsAt=event["end"],
            timeZone="America/New_York" if eastern else "UTC",
            place=text(event["platform"]).replace("_", " ").capitalize(),
            link=event["registration_url"],
            recordingUrl=event["recording"],
            planned="\n\n".join(part for part in (text(event["summary"]), event["body"]) if part) if over else None,
            state="HELD" if over else "SCHEDULED",
        )

    def agenda_items(self, event, _refused):
        key = self.key(event)
        for speaker in event["speakers"]:
            yield {
                "externalId": f"{key}/{speaker}",
                "sessionExternalId": key,
                "title": text(event["title"]),
                "convenorExternalId": speaker,
            }

    def join(self, api, reports):
        """Lets each CoP that an event names beside others join its session. How many did so now, and before."""
        jobs = {report["collection"]: report["imports"] for report in reports}
        ids = {
            collection: {
                result["externalId"]: result["id"]
                for job in jobs[collection]
                for result in api.results(job)
                if result["outcome"] != "FAILED"
            }
            for collection in ("COPS", "SESSIONS")
        }
        joined = {"now": 0, "before": 0}
        for event in self.all:
            communities, _ = self.communities(event)
            session = ids["SESSIONS"].get(self.key(event))
            if session is None or len(communities) < 2:
                continue
            for cop in [ids["COPS"][community] for community in communities if community in ids["COPS"]]:
                made = api.call("POST", "/api/v1/session-cops", {"sessionId": session, "copId": cop}, there=True)
                joined["before" if made is None else "now"] += 1
        return joined

    def outcome(self, failures):
        """What became of each event: counts that add up, and those that are not linked to one CoP, row by row."""
        refused = {}
        for failure in failures:
            if failure["collection"] == "SESSIONS" and not failure["mended"]:
                refused.setdefault(failure["line"], failure["code"])
        counts = {"rows": len(self.all), "imported": 0, "linkedToOne": 0, "linkedToSeveral": 0, "linkedToNone": 0}
        counts |= {"refused": 0, "reasons": {}}
        unlinked = []

        def report(line, event, kind, reason):
            counts["reasons"][kind] = counts["reasons"].get(kind, 0) + 1
            unlinked.append({"line": line, "externalId": event["slug"], "kind": kind, "reason": reason})

        for line, event in enumerate(self.all, 1):
            if line in refused:
                counts["refused"] += 1
                speakers = f"; its speakers: {', '.join(event['speakers'])}" if event["speakers"] else ""
                report(line, event, refused[line], f"it was refused{speakers}")
                continue
            counts["imported"] += 1
            communities, reason = self.communities(event)
            place = {0: "linkedToNone", 1: "linkedToOne"}.get(len(communities), "linkedToSeveral")
            counts[place] += 1
            if reason:
                kind = "SEVERAL_COMMUNITIES" if communities else "NO_COMMUNITY"
                report(line, event, "NO_HOST" if reason == "it has no host" else kind, reason)
        return counts, unlinked


GENERAL_THEME = {
    "externalId": GENERAL,
    "title": "General",
    "slug": GENERAL,
    "summary": "What digital.gov published under no topic.",
    "conceptExternalId": CONCEPT,
}

# In the order in which they refer to each other: collection, file, mapping, rows of our own.
COLLECTIONS = [
    ("THEMES", "topics.ndjson", themes, [GENERAL_THEME]),
    ("PEOPLE", "people.ndjson", people, []),
    ("COPS", "communities.ndjson", cops, []),
    ("MEMBERSHIPS", "communities.ndjson", memberships, []),
    ("ARTEFACTS", "articles.ndjson", artefacts, []),
]
FILES = [file for _, file, _, _ in COLLECTIONS] + ["events.ndjson"]


def read(path):
    """The objects of an NDJSON file, one at a time."""
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                yield json.loads(line)
            except ValueError as error:
                raise Stop(f"{path.name} line {number} is no JSON: {error}") from None


def unknown_references(row, errors):
    """The references that a row was refused for, or nothing if it was also refused for more than it can do without."""
    refused = set()
    for error in errors:
        field = error["pointer"].removeprefix("/").split("/")[0]
        if error["code"] != "UNKNOWN_REFERENCE" or field not in MENDABLE:
            return set()
        sent = row.get(field) or []
        sent = sent if isinstance(sent, list) else [sent]
        named = {(field, one) for one in sent if f"'{one}'" in error["detail"] or f'"{one}"' in error["detail"]}
        if not named:
            return set()
        refused |= named
    return refused


def bring(api, path, collection, mapping, own_rows):
    """Imports one collection and mends what can be mended: what became of it, and its failures."""
    started = time.monotonic()
    report = {"collection": collection, "file": path.name}

    def rows(refused=frozenset()):
        report["rows"] = report["sent"] = 0
        for source in read(path):
            report["rows"] += 1
            try:
                mapped = list(mapping(source, refused))
            except (KeyError, TypeError, AttributeError) as error:
                raise Stop(f"{path.name} row {report['rows']} has another shape than expected: {error!r}") from None
            for row in mapped:
                report["sent"] += 1
                yield row
        for row in own_rows:
            report["sent"] += 1
            yield row

    job = api.take(collection, rows)
    if job["rowsRead"] != report["sent"]:
        read_of = f"{job['rowsRead']} of {report['sent']}"
        raise Stop(f"the import {job['id']} of {collection} read {read_of} rows; run it again.")
    failed = {result["line"]: result for result in api.failed_rows(job)}
    jobs, mended, failed_again = [job], 0, {}

    refused, lines = set(), []
    for line, row in enumerate(rows() if failed else (), 1):
        unknown = unknown_references(row, failed[line]["errors"]) if line in failed else set()
        if unknown:
            refused |= unknown
            lines.append(line)
    if lines:
        wanted = set(lines)
        again = api.take(collection, lambda: (row for line, row in enumerate(rows(refused), 1) if line in wanted))
        failed_again = {lines[result["line"] - 1]: result for result in api.failed_rows(again)}
        mended = len(lines) - len(failed_again)
        jobs.append(again)

    failures = []
    for line, result in sorted([*failed.items(), *failed_again.items()], key=lambda item: item[0]):
        here = {"collection": collection, "line": line, "externalId": result["externalId"]}
        after = {"mended": line in lines and line not in failed_again}
        for error in result["errors"]:
            failures.append(here | {name: error[name] for name in ("pointer", "code", "detail")} | after)
    report |= {count: sum(job[count] for job in jobs) for count in COUNTS}
    report |= {"failed": len(failed) - mended, "mended": mended, "seconds": round(time.monotonic() - started, 2)}
    report["imports"] = [job["id"] for job in jobs]
    return report, failures


def totals_of(reports):
    numbers = ("sent", *COUNTS, "failed", "mended")
    totals = {number: sum(report[number] for report in reports) for number in numbers}
    # A file that is read for two collections has its rows once.
    rows = sum({report["file"]: report["rows"] for report in reports}.values())
    return {"rows": rows, **totals, "seconds": round(sum(report["seconds"] for report in reports), 2)}


def print_tables(outcome):
    columns = ("collection", "file", "rows", "sent", *COUNTS, "failed", "mended", "seconds")
    table = [columns]
    for report in [*outcome["collections"], {"collection": "total", "file": ""} | outcome["totals"]]:
        table.append([f"{report[name]:.2f}" if name == "seconds" else str(report[name]) for name in columns])
    widths = [max(map(len, cells)) for cells in zip(*table)]
    for cells in table:
        left = [cell.ljust(width) for cell, width in zip(cells[:2], widths[:2])]
        right = [cell.rjust(width) for cell, width in zip(cells[2:], widths[2:])]
        print("  ".join(left + right))
    print("\nRows that were refused:" if outcome["failures"] else "\nNo row was refused.")
    for failure in outcome["failures"]:
        line = "  {collection} line {line} {externalId}: {code} {pointer} {detail}".format(**failure)
        print(line + (" (mended)" if failure["mended"] else ""))
    print("\nEvents that are not sessions of one CoP:")
    for event in outcome["unlinked"]:
        print("  events line {line} {externalId}: {reason}".format(**event))
    reasons = ", ".join(f"{kind} {count}" for kind, count in sorted(outcome["events"]["reasons"].items()))
    print(
        "\nEvents: {rows} rows, {imported} imported ({linkedToOne} linked to one CoP, {linkedToSeveral} to several, "
        "{linkedToNone} to none), {refused} refused".format(**outcome["events"]) + f". By reason: {reasons}."
    )
    print(
        "\nTotal: {rows} rows in the files, {sent} sent; {created} created, {updated} updated, {unchanged} unchanged, "
        "{failed} failed; {mended} of those that got in were mended; {seconds:.2f} s.".format(**outcome["totals"])
    )


def run(options):
    folder = Path(options.data)
    for file in FILES:
        if not (folder / file).is_file():
            raise Stop(f"--data {folder} has no file {file}")
    events = Events(folder)
    of_events = [("SESSIONS", events.sessions), ("AGENDA_ITEMS", events.agenda_items)]
    collections = COLLECTIONS + [(name, "events.ndjson", mapping, []) for name, mapping in of_events]
    api = Api(options.url, options.token.strip())
    outcome = {"conceptCreated": ensure_concept(api), "collections": [], "failures": []}
    for collection, file, mapping, own_rows in collections:
        report, failures = bring(api, folder / file, collection, mapping, own_rows)
        outcome["collections"].append(report)
        outcome["failures"] += failures
    outcome["totals"] = totals_of(outcome["collections"])
    joined = events.join(api, outcome["collections"])
    outcome["events"], outcome["unlinked"] = events.outcome(outcome["failures"])
    outcome["events"]["joined"] = joined
    if options.json:
        print(json.dumps(outcome, indent=2))
    else:
        print_tables(outcome)


def main():
    parser = argparse.ArgumentParser(description="Imports the communities of practice of digital.gov.")
    parser.add_argument("--url", default="http://127.0.0.1:8080", help="where the API runs (default: %(default)s)")
    parser.add_argument("--token", default=os.environ.get("EVOLVA_TOKEN"), help="a tenant token (or EVOLVA_TOKEN)")
    parser.add_argument("--data", required=True, help="the folder with the .ndjson files")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of tables")
    options = parser.parse_args()
    if not options.token:
        parser.error("give a token with --token or EVOLVA_TOKEN")
    try:
        run(options)
    except Stop as stop:
        print(f"import_digitalgov: {stop}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
