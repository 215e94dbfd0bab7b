//! A report of a CoP as Markdown, in Dutch or English, for people to read on and to make a document of.

use crate::markdown::{inline, quoted, table};
use chrono::{DateTime, NaiveDate, Utc};
use evolva_domain::{
    artefact::ArtefactKind,
    error::Language,
    overview::{
        figures::{CopSight, Dashboard},
        report::*,
    },
    record::Labelled,
    session::SessionState,
};

/// Writes the parts one after the other; a part without rows is left out.
struct Writer {
    text: String,
    language: Language,
}

/// A report, written.
pub fn markdown(of: &Report, language: Language) -> String {
    let mut writer = Writer { text: String::new(), language };
    writer.head(of);
    writer.guides(of);
    writer.figures(&of.figures);
    if let Some(charter) = &of.charter {
        writer.charter(charter);
    }
    writer.sessions(of);
    writer.artefacts(of);
    writer.practice(of);
    writer.exchanges(of);
    writer.text
}

fn day(at: Option<DateTime<Utc>>) -> String {
    at.map(|at| day_in_the_netherlands(at).to_string()).unwrap_or_default()
}

fn text(of: Option<&String>) -> String {
    of.map(|text| inline(text)).unwrap_or_default()
}

fn number(of: Option<i64>) -> String {
    of.map(|count| count.to_string()).unwrap_or_default()
}

impl Writer {
    fn say<'a>(&self, nl: &'a str, en: &'a str) -> &'a str {
        if self.language == Language::Nl { nl } else { en }
    }

    fn word<L: Labelled>(&self, of: L) -> String {
        of.words(self.language)
    }

    fn heading(&mut self, level: usize, title: &str) {
        self.text.push_str(&format!("{} {title}\n\n", "#".repeat(level)));
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push_str("\n\n");
    }

    fn quote(&mut self, of: Option<&String>) {
        if let Some(of) = of {
            self.text.push_str(&quoted(of));
            self.text.push('\n');
        }
    }

    /// A part that is a table, if it has rows.
    fn listed(&mut self, title: &str, head: &[&str], rows: &[Vec<String>], cut: bool) {
        if rows.is_empty() {
            return;
        }
        self.heading(2, title);
        self.text.push_str(&table(head, rows));
        self.cut(cut, rows.len());
    }

    fn cut(&mut self, cut: bool, count: usize) {
        if cut {
            let first = self.say("Alleen de eerste staan hier:", "Only the first are here:");
            self.line(&format!("*{first} {count}.*"));
        }
    }

    fn period(&self, start: Option<NaiveDate>, end: Option<NaiveDate>) -> String {
        let until = self.say("tot en met", "to");
        match (start, end) {
            (Some(start), Some(end)) => format!("{start} {until} {end}"),
            (Some(start), None) => format!("{} {start}", self.say("vanaf", "from")),
            (None, Some(end)) => format!("{until} {end}"),
            (None, None) => String::new(),
        }
    }

    fn head(&mut self, of: &Report) {
        let figures = &of.figures;
        let title = format!("{}: {}", self.say("Verslag", "Report"), inline(&figures.title));
        self.heading(1, &title);
        if let Some(summary) = &of.summary {
            self.line(&inline(summary));
        }
        // Mostly the edition stands in the name already.
        let concept = of.concept.as_ref().map(|(name, edition)| match name.contains(edition.as_str()) {
            true => inline(name),
            false => inline(&format!("{name}, {edition}")),
        });
        let elements: Vec<_> = of.elements.iter().map(|(_, title)| inline(title)).collect();
        let organisation = |one: &TakesPart| format!("{} ({})", inline(&one.name), self.word(one.state).to_lowercase());
        let organisations: Vec<_> = of.organisations.iter().map(organisation).collect();
        let members = |one: &MembersOf| format!("{}: {}", inline(&one.name), one.count);
        let members: Vec<_> = of.members.iter().map(members).collect();
        // Who takes part is shown its own people alone: a part does not look like the whole.
        let of_whom = match figures.sight {
            CopSight::Host | CopSight::Guide | CopSight::Member => {
                ("Deelnemers per organisatie", "Members by organisation")
            }
            _ => ("Waarvan van de eigen organisatie", "Of these, of the own organisation"),
        };
        let successors: Vec<_> = of.successors.iter().map(|title| inline(title)).collect();
        let theme = of.theme.as_ref();
        let rows = [
            ("Stand", "Status", self.word(figures.status)),
            ("Periode", "Period", self.period(figures.start_date, figures.planned_end_date)),
            ("Geëindigd", "Ended", day(of.ended_at)),
            ("Thema", "Theme", text(theme.map(|(title, _)| title))),
            ("Waarover het gaat", "What it is about", text(theme.and_then(|(_, summary)| summary.as_ref()))),
            ("Concept", "Concept", concept.unwrap_or_default()),
            ("Elementen", "Elements", elements.join("; ")),
            ("Gastheer", "Host", text(of.host.as_ref())),
            ("Organisaties", "Organisations", organisations.join("; ")),
            ("Facilitator", "Facilitator", text(of.facilitator.as_ref())),
            ("Deelnemers", "Members", figures.member_count.to_string()),
            (of_whom.0, of_whom.1, members.join("; ")),
            ("Vervolg op", "Goes on with", text(of.predecessor.as_ref())),
            ("Vervolgd door", "Gone on with by", successors.join("; ")),
            ("Gemaakt op", "Made on", of.made_date.to_string()),
            ("Gezien als", "Seen as", self.word(figures.sight)),
        ];
        let rows: Vec<_> = rows
            .into_iter()
            .filter(|(.., value)| !value.is_empty())
            .map(|(nl, en, value)| vec![self.say(nl, en).to_owned(), value])
            .collect();
        let head = [self.say("Wat", "What"), self.say("Gegevens", "Details")];
        self.text.push_str(&table(&head, &rows));
    }

    /// Who guides it, or did.
    fn guides(&mut self, of: &Report) {
        let row = |one: &Guides| {
            let period = self.period(Some(one.start_date), one.end_date);
            vec![self.word(one.role), text(one.name.as_ref()), text(one.organisation.as_ref()), period]
        };
        let rows: Vec<_> = of.guides.iter().map(row).collect();
        let head = [
            self.say("Rol", "Role"),
            self.say("Naam", "Name"),
            self.say("Organisatie", "Organisation"),
            self.say("Periode", "Period"),
        ];
        self.listed(self.say("Begeleiding", "Guidance"), &head, &rows, of.truncated.contains(&"guides"));
    }

    fn figures(&mut self, of: &Dashboard) {
        let title = self.say("Cijfers", "Figures");
        self.heading(2, title);
        let mut rows = vec![];
        let mut add = |nl: &str, en: &str, value: String| rows.push(vec![self.say(nl, en).to_owned(), value]);
        if let Some(sessions) = &of.sessions {
            add("Gehouden bijeenkomsten", "Sessions held", sessions.held.to_string());
            let (held, asked) = (sessions.intensive_held, sessions.intensive_asked);
            let asked = format!("{held} ({} {asked})", self.say("gevraagd:", "asked:"));
            add("Waarvan hackathons en open spaces", "Of these, hackathons and open spaces", asked);
        }
        if let Some(goals) = &of.goals {
            add("Doelen", "Goals", goals.total.to_string());
            for (assessment, count) in goals.assessed.iter().filter(|(_, count)| *count > 0) {
                let label = self.word(*assessment).to_lowercase();
                add(&format!("Doelen: {label}"), &format!("Goals: {label}"), count.to_string());
            }
            if goals.unassessed > 0 {
                add("Doelen: nog niet beoordeeld", "Goals: not assessed yet", goals.unassessed.to_string());
            }
        }
        for (state, count) in of.members.iter().flatten().filter(|(_, count)| *count > 0) {
            let label = self.word(*state).to_lowercase();
            add(&format!("Deelnemers: {label}"), &format!("Members: {label}"), count.to_string());
        }
        let artefacts: i64 = of.artefacts.iter().map(|(.., count)| count).sum();
        add("Resultaten", "Artefacts", artefacts.to_string());
        for (state, count) in &of.anchorings.counts {
            let label = self.word(*state).to_lowercase();
            add(&format!("Borgingen: {label}"), &format!("Anchorings: {label}"), count.to_string());
        }
        let head = [self.say("Wat", "What"), self.say("Aantal", "Number")];
        self.text.push_str(&table(&head, &rows));
        if !of.health.is_empty() {
            let title = self.say("Aandachtspunten", "Points of attention");
            self.heading(3, title);
            for finding in &of.health {
                self.text.push_str(&format!("- {}\n", finding.message(self.language)));
            }
            self.text.push('\n');
        }
    }

    fn charter(&mut self, of: &InForce) {
        let title = self.say("Charter", "Charter");
        self.heading(2, title);
        let version = format!("{} {}", self.say("Versie", "Version"), of.number);
        let agreed = of
            .agreed_at
            .map(|at| format!(", {} {}", self.say("vastgesteld op", "agreed on"), day_in_the_netherlands(at)));
        self.line(&format!("{version}{}.", agreed.unwrap_or_default()));
        for (title, body) in
            [(self.say("Waarom (Why)", "Why"), of.why.as_ref()), (self.say("Hoe (How)", "How"), of.how.as_ref())]
        {
            if body.is_some() {
                self.heading(3, title);
                self.quote(body);
            }
        }
        let goal = |one: &GoalOf| {
            let note = match (&one.note, &one.waiver) {
                (note, Some(waiver)) => {
                    let waiver = format!("{} {}", self.say("Ontheffing:", "Waiver:"), inline(waiver));
                    note.as_ref().map_or(waiver.clone(), |note| format!("{} {waiver}", inline(note)))
                }
                (note, None) => text(note.as_ref()),
            };
            let assessment = one.assessment.map(|one| self.word(one));
            let assessment =
                assessment.unwrap_or_else(|| self.say("nog niet beoordeeld", "not assessed yet").to_owned());
            let shown_by: Vec<_> = one.shown_by.iter().map(|title| inline(title)).collect();
            vec![inline(&one.title), assessment, note, shown_by.join("; ")]
        };
        let rows: Vec<_> = of.goals.iter().map(goal).collect();
        if !rows.is_empty() {
            let title = self.say("Doelen (What)", "Goals (What)");
            self.heading(3, title);
            let head = match self.language {
                Language::Nl => ["Doel", "Beoordeling", "Toelichting", "Blijkt uit"],
                Language::En => ["Goal", "Assessment", "Note", "Shown by"],
            };
            self.text.push_str(&table(&head, &rows));
        }
    }

    fn sessions(&mut self, of: &Report) {
        let row = |one: &Told| {
            let mut cells = vec![one.day().to_string(), self.word(one.came.kind), inline(&one.came.title)];
            cells.extend([self.word(one.state), one.came.registered.to_string()]);
            let came = one.came.came;
            cells.extend([number(came.map(|(attended, _)| attended)), number(came.map(|(_, absent)| absent))]);
            cells
        };
        let rows: Vec<_> = of.sessions.iter().map(row).collect();
        let head = match self.language {
            Language::Nl => ["Datum", "Soort", "Titel", "Stand", "Aangemeld", "Aanwezig", "Afwezig"],
            Language::En => ["Date", "Kind", "Title", "State", "Registered", "Attended", "Absent"],
        };
        let (title, cut) = (self.say("Bijeenkomsten", "Sessions"), of.truncated.contains(&"sessions"));
        self.listed(title, &head, &rows, cut);
        let told = |one: &&Told| {
            let said = [&one.planned, &one.happened, &one.why, &one.learned];
            one.state != SessionState::Cancelled && (!one.experts.is_empty() || said.iter().any(|one| one.is_some()))
        };
        for one in of.sessions.iter().filter(told) {
            self.session(one);
        }
    }

    fn session(&mut self, of: &Told) {
        let title = format!("{}: {}", of.day(), inline(&of.came.title));
        self.heading(3, &title);
        if let Some(place) = &of.place {
            self.line(&inline(place));
        }
        let expert =
            |one: &Expert| vec![self.word(one.perspective), text(one.name.as_ref()), text(one.subject.as_ref())];
        let experts: Vec<_> = of.experts.iter().map(expert).collect();
        let head = match self.language {
            Language::Nl => ["Perspectief", "Expert", "Onderwerp"],
            Language::En => ["Perspective", "Expert", "Subject"],
        };
        self.text.push_str(&table(&head, &experts));
        for (nl, en, answer) in [
            ("Wat was het plan?", "What was planned?", &of.planned),
            ("Wat gebeurde er?", "What happened?", &of.happened),
            ("Waarom?", "Why?", &of.why),
            ("Wat leren we ervan?", "What do we learn?", &of.learned),
        ] {
            if answer.is_some() {
                let question = self.say(nl, en);
                self.heading(4, question);
                self.quote(answer.as_ref());
            }
        }
    }

    fn artefacts(&mut self, of: &Report) {
        if of.artefacts.is_empty() {
            return;
        }
        let title = self.say("Resultaten", "Artefacts");
        self.heading(2, title);
        let head = match self.language {
            Language::Nl => ["Titel", "Stand", "Organisatie", "Samenvatting", "Licentie", "Gepubliceerd voor"],
            Language::En => ["Title", "State", "Organisation", "Summary", "Licence", "Published to"],
        };
        for kind in ArtefactKind::ALL {
            let row = |one: &Brought| {
                let published: Vec<_> = one.published_to.iter().map(|one| self.word(*one).to_lowercase()).collect();
                let (organisation, summary) = (text(one.organisation.as_ref()), text(one.summary.as_ref()));
                let licence = text(one.licence.as_ref());
                vec![inline(&one.title), self.word(one.state), organisation, summary, licence, published.join(", ")]
            };
            let rows: Vec<_> = of.artefacts.iter().filter(|one| one.kind == *kind).map(row).collect();
            if !rows.is_empty() {
                let title = self.word(*kind);
                self.heading(3, &title);
                self.text.push_str(&table(&head, &rows));
            }
        }
        self.cut(of.truncated.contains(&"artefacts"), of.artefacts.len());
    }

    /// What it came to: where results are embedded, and where they were shown.
    fn practice(&mut self, of: &Report) {
        let anchored = |one: &Anchored| {
            let (organisation, artefact) = (text(one.organisation.as_ref()), text(one.artefact.as_ref()));
            let review = one.review_date.map(|date| date.to_string()).unwrap_or_default();
            vec![organisation, inline(&one.place), artefact, self.word(one.state), review]
        };
        let rows: Vec<_> = of.anchorings.iter().map(anchored).collect();
        let head = match self.language {
            Language::Nl => ["Organisatie", "Waar", "Resultaat", "Stand", "Herziening"],
            Language::En => ["Organisation", "Where", "Artefact", "State", "Review"],
        };
        let title = self.say("Borging", "Anchoring");
        self.listed(title, &head, &rows, of.truncated.contains(&"anchorings"));
        let shown = |one: &Shown| {
            let session = one.session.as_ref();
            let title = text(session.map(|(title, _)| title));
            vec![text(one.artefact.as_ref()), title, day(session.map(|(_, at)| *at))]
        };
        let rows: Vec<_> = of.showings.iter().map(shown).collect();
        let head = match self.language {
            Language::Nl => ["Resultaat", "Getoond op", "Datum"],
            Language::En => ["Artefact", "Shown at", "Date"],
        };
        let title = self.say("Getoond op clinics en netwerkbijeenkomsten", "Shown at clinics and network meetings");
        self.listed(title, &head, &rows, of.truncated.contains(&"showings"));
    }

    fn exchanges(&mut self, of: &Report) {
        let row = |one: &Passed| {
            let (giver, receiver) = (text(one.giver.as_ref()), text(one.receiver.as_ref()));
            vec![one.date.to_string(), inline(&one.strength), giver, receiver, text(one.learned.as_ref())]
        };
        let rows: Vec<_> = of.exchanges.iter().map(row).collect();
        let head = match self.language {
            Language::Nl => ["Datum", "Sterk punt", "Van", "Aan", "Geleerd"],
            Language::En => ["Date", "Strength", "From", "To", "Learned"],
        };
        let title = self.say("Uitwisseling van sterke punten", "Strengths passed on");
        self.listed(title, &head, &rows, of.truncated.contains(&"exchanges"));
    }
}
