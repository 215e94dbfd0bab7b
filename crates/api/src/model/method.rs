//! Outputs of the method's own work beside CoPs, sessions and artefacts. The doc comments are the client documentation of
//! both surfaces.

use super::{names::*, shapes::*, view::Viewer, views::*};
use crate::view;
use chrono::{DateTime, NaiveDate, Utc};
use evolva_domain::{access as acc, error::Language, exchange as exc, guide as gui, query::Tree, session as ses};

view! {
    /// A strength that one front-runner project passed to another (*onderlinge uitwisseling*): who learned what from whom.
    Exchange of exc::Exchange, ProjectsRead;
    columns {
        /// The project whose strength it is.
        giving_project_id: Option<FrontRunnerProjectId>,
        /// The project that it was passed to.
        receiving_project_id: Option<FrontRunnerProjectId>,
        /// The organisation of the receiving project.
        receiver_tenant_id: OrganisationId,
        /// The CoP in which it happened, if in one.
        cop_id: Option<CopId>,
        /// The session at which it happened, if at one.
        session_id: Option<SessionId>,
        /// The strength: one of the giving project's.
        strength: String,
        /// What the giving side says of it.
        note: Option<String>,
        /// When it happened.
        exchanged_date: NaiveDate,
        /// Where it is in its life.
        state: ExchangeStateLabel,
        /// What the receiving side learned, in its own words.
        learned: Option<String>,
        /// When it said so.
        acknowledged_at: Option<DateTime<Utc>>,
    }
    private {}
    derived {
        /// What you may do with it, and why not.
        access: Accesses = ["state", "receiver_tenant_id", "cop_tenant_id", "fact_gives", "fact_receives"] |tree, viewer| access(acc::of_exchange(tree, viewer.scope)?, viewer),
    }
    one {
        /// The project whose strength it is.
        giving_project: FrontRunnerProject,
        /// The project that it was passed to.
        receiving_project: FrontRunnerProject,
        /// The CoP in which it happened.
        cop: Cop,
        /// The session at which it happened.
        session: Session,
    }
    many {}
}

view! {
    /// A CoP that joins a session which another one leads, or none (*gezamenlijke bijeenkomst*). Both sides see it, and who
    /// sees the session and the CoP.
    SessionCop of ses::SessionCop, SessionsRead;
    columns {
        /// The session.
        session_id: Option<SessionId>,
        /// The CoP.
        cop_id: Option<CopId>,
        /// The organisation that hosts the CoP.
        cop_tenant_id: OrganisationId,
        /// When it was ended; none while the CoP joins it.
        removed_at: Option<DateTime<Utc>>,
    }
    private {}
    derived {
        /// What you may do with it, and why not.
        access: Accesses = ["tenant_id", "cop_tenant_id", "removed_at", "fact_part"] |tree, viewer| access(acc::of_session_cop(tree, viewer.scope)?, viewer),
    }
    one {
        /// The session.
        session: Session,
        /// The CoP.
        cop: Cop,
    }
    many {}
}

view! {
    /// A guide (*handreiking*): ordered steps that a CoP can follow.
    Guide of gui::Guide, GuidesRead;
    columns {
        /// Its title in Dutch.
        title_nl: String,
        /// Its title in English.
        title_en: Option<String>,
        /// What it is for, in Dutch.
        summary_nl: Option<String>,
        /// What it is for, in English.
        summary_en: Option<String>,
        /// What it is made after, or what to read beside it, in words.
        source: Option<String>,
        /// An address of that.
        source_url: Option<String>,
        /// The licence of the guide's text.
        licence: Option<String>,
        /// How far it may be seen.
        audience: AudienceLabel,
    }
    private {}
    derived {
        /// Its title in the language of `Accept-Language`, as far as it has one.
        title: String = ["title_nl", "title_en"] |tree, viewer| in_language(tree, viewer, "title_nl", "title_en"),
        /// What you may do with it, and why not.
        access: Accesses = ["tenant_id"] |tree, viewer| access(acc::of_guide(tree, viewer.scope)?, viewer),
    }
    one {}
    many {
        /// Its steps, in their order; those that were taken out among them.
        steps: GuideStep by "position" false,
    }
}

view! {
    /// A step of a guide.
    GuideStep of gui::GuideStep, GuidesRead;
    columns {
        /// The guide.
        guide_id: GuideId,
        /// Its place in the guide, from 1.
        position: i64,
        /// Its title in Dutch.
        title_nl: String,
        /// Its title in English.
        title_en: Option<String>,
        /// What to do, in Dutch, as Markdown.
        body_nl: Option<String>,
        /// What to do, in English, as Markdown.
        body_en: Option<String>,
        /// Whether it is part of the guide.
        state: GuideStepStateLabel,
    }
    private {}
    derived {
        /// Its title in the language of `Accept-Language`, as far as it has one.
        title: String = ["title_nl", "title_en"] |tree, viewer| in_language(tree, viewer, "title_nl", "title_en"),
        /// What to do, in that language, as HTML that is safe to show.
        body_html: String = ["body_nl", "body_en"] |tree, viewer| {
            let english = viewer.language == Language::En && tree.get::<Option<String>>("body_en")?.is_some();
            html(tree, if english { "body_en" } else { "body_nl" })
        },
        /// What you may do with it, and why not.
        access: Accesses = ["state"] |tree, viewer| access(acc::of_guide_step(tree, viewer.scope)?, viewer),
    }
    one {
        /// The guide.
        guide: Guide,
    }
    many {}
}

view! {
    /// How far a CoP is with a step of a guide.
    StepProgress of gui::StepProgress, CopsRead;
    columns {
        /// The CoP.
        cop_id: CopId,
        /// The guide.
        guide_id: Option<GuideId>,
        /// The step.
        step_id: Option<GuideStepId>,
        /// How far it is.
        state: ProgressStateLabel,
        /// By what that shows, in words.
        evidence: Option<String>,
        /// An address of that.
        evidence_url: Option<String>,
        /// When it was done.
        done_at: Option<DateTime<Utc>>,
    }
    private {}
    derived {}
    one {
        /// The step.
        step: GuideStep,
        /// The guide.
        guide: Guide,
    }
    many {}
}

/// The English text for who reads English, where there is one; else the Dutch.
fn in_language(tree: &Tree, viewer: &Viewer<'_>, dutch: &str, english: &str) -> Option<String> {
    let english: Option<String> = tree.get(english)?;
    match english.filter(|_| viewer.language == Language::En) {
        Some(english) => Some(english),
        None => tree.get(dutch),
    }
}
