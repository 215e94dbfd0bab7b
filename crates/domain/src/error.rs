//! What can go wrong, with one variant per branch that a caller can take, and the one table of error codes.

use crate::labels;
use std::borrow::Cow;

/// Something broke that no input can mend. It is logged once where the request ends, and the client sees `INTERNAL`.
#[derive(Debug, thiserror::Error)]
#[error("{context}")]
pub struct Fault {
    context: Cow<'static, str>,
    #[source]
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Fault {
    pub fn new(context: impl Into<Cow<'static, str>>) -> Self {
        Self { context: context.into(), source: None }
    }

    pub fn from(
        context: impl Into<Cow<'static, str>>,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self { context: context.into(), source: Some(source.into()) }
    }

    /// The whole chain on one line, for the log only.
    pub fn chain(&self) -> String {
        let mut text = self.to_string();
        let mut next = std::error::Error::source(self);
        while let Some(error) = next {
            text.push_str(": ");
            text.push_str(&error.to_string());
            next = error.source();
        }
        text
    }
}

/// The languages that messages are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    #[default]
    En,
    Nl,
}

/// One thing that the caller can mend: a code, the field it is about, and the words that fill its message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub code: Code,
    /// The path to the field, outermost first; empty where no single field is at fault.
    pub field: Vec<Cow<'static, str>>,
    /// What stands for `{}` in the code's message.
    pub detail: String,
}

impl Problem {
    pub fn new(code: Code, field: &'static str, detail: impl Into<String>) -> Self {
        let field = if field.is_empty() { vec![] } else { field.split('.').map(Cow::Borrowed).collect() };
        Self { code, field, detail: detail.into() }
    }

    pub fn message(&self, language: Language) -> String {
        let detail = match language {
            Language::En => Cow::Borrowed(self.detail.as_str()),
            Language::Nl => crate::dutch::detail(&self.detail),
        };
        self.code.message(language).replace("{}", &detail).trim_end().to_owned()
    }
}

/// Why a use case did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It does not exist, or the caller may not see it: nobody can tell which.
    #[error("not found")]
    NotFound,
    /// The caller may see it, but may not do this.
    #[error("forbidden")]
    Forbidden(Problem),
    /// The input is wrong; all faults at once.
    #[error("invalid input")]
    Invalid(Vec<Problem>),
    /// The state, or another row, stands in the way.
    #[error("conflict")]
    Conflict(Vec<Problem>),
    /// The row has another version than the caller thinks.
    #[error("stale version")]
    Stale { current: i64 },
    /// Another change came in between; the same again may succeed.
    #[error("busy")]
    Busy,
    /// More than there is room for now; the same again may succeed after so many seconds.
    #[error("too many")]
    Limited { seconds: i64 },
    #[error(transparent)]
    Fault(#[from] Fault),
}

pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    pub fn invalid(code: Code, field: &'static str, detail: impl Into<String>) -> Self {
        Self::Invalid(vec![Problem::new(code, field, detail)])
    }

    pub fn conflict(code: Code, field: &'static str, detail: impl Into<String>) -> Self {
        Self::Conflict(vec![Problem::new(code, field, detail)])
    }

    pub fn forbidden(code: Code, detail: impl Into<String>) -> Self {
        Self::Forbidden(Problem::new(code, "", detail))
    }

    /// The same about the field by which the caller named it; `""` stands for no field.
    pub(crate) fn of_field(mut self, field: &str, named: &'static str) -> Self {
        if let Self::Invalid(problems) | Self::Conflict(problems) = &mut self {
            for problem in problems.iter_mut().filter(|one| field.is_empty() && one.field.is_empty()) {
                problem.field.push(named.into());
            }
            for part in problems.iter_mut().flat_map(|one| &mut one.field).filter(|part| *part == field) {
                *part = named.into();
            }
        }
        self
    }

    /// The problems that are shown to the caller, whatever the variant.
    pub fn problems(&self) -> Vec<Problem> {
        match self {
            Self::NotFound => vec![Problem::new(Code::NotFound, "", "")],
            Self::Forbidden(problem) => vec![problem.clone()],
            Self::Invalid(problems) | Self::Conflict(problems) => problems.clone(),
            Self::Stale { current } => vec![Problem::new(Code::StaleVersion, "version", current.to_string())],
            Self::Busy => vec![Problem::new(Code::Unavailable, "", "")],
            Self::Limited { seconds } => vec![Problem::new(Code::RateLimited, "", seconds.to_string())],
            Self::Fault(_) => vec![Problem::new(Code::Internal, "", "")],
        }
    }
}

labels! {
    /// What kind of failure a code is; the API gives each kind its status.
    Class {
        Invalid = "INVALID",
        Unauthenticated = "UNAUTHENTICATED",
        Forbidden = "FORBIDDEN",
        NotFound = "NOT_FOUND",
        MethodNotAllowed = "METHOD_NOT_ALLOWED",
        NotAcceptable = "NOT_ACCEPTABLE",
        Timeout = "TIMEOUT",
        Conflict = "CONFLICT",
        Stale = "STALE",
        TooLarge = "TOO_LARGE",
        UnsupportedMedia = "UNSUPPORTED_MEDIA",
        PreconditionRequired = "PRECONDITION_REQUIRED",
        HeadersTooLarge = "HEADERS_TOO_LARGE",
        RangeNotSatisfiable = "RANGE_NOT_SATISFIABLE",
        Internal = "INTERNAL",
        Unavailable = "UNAVAILABLE",
        TooMany = "TOO_MANY",
    }
}

macro_rules! codes {
    ($($variant:ident $label:literal $class:ident $en:literal $nl:literal;)+) => {
        labels! {
            /// The error codes that clients may rely on. The table is published as `api-schema/codes.md`.
            Code { $($variant = $label),+ }
        }
        impl Code {
            pub const fn class(self) -> Class {
                match self { $(Self::$variant => Class::$class),+ }
            }
            /// The message, with `{}` for the detail.
            pub const fn message(self, language: Language) -> &'static str {
                match (self, language) {
                    $((Self::$variant, Language::En) => $en, (Self::$variant, Language::Nl) => $nl),+
                }
            }
        }
    };
}

codes! {
    // Who calls.
    Unauthenticated "UNAUTHENTICATED" Unauthenticated
        "Send a valid access token as 'Authorization: Bearer …'. {}" "Stuur een geldig toegangstoken mee als 'Authorization: Bearer …'. {}";
    InsufficientScope "INSUFFICIENT_SCOPE" Forbidden
        "The token needs the scope '{}'." "Het token mist de scope '{}'.";
    Forbidden "FORBIDDEN" Forbidden
        "You may see this, but not do this: {}" "U mag dit zien, maar dit niet doen: {}";
    NotFound "NOT_FOUND" NotFound
        "It does not exist, or you may not see it." "Het bestaat niet, of u mag het niet zien.";

    // The input.
    Required "REQUIRED" Invalid "This is required. {}" "Dit is verplicht. {}";
    TooLong "TOO_LONG" Invalid "At most {} characters." "Hoogstens {} tekens.";
    TooMany "TOO_MANY" Invalid "At most {}." "Hoogstens {}.";
    OutOfRange "OUT_OF_RANGE" Invalid "Out of range: {}" "Buiten het bereik: {}";
    InvalidValue "INVALID_VALUE" Invalid "Not valid: {}" "Niet geldig: {}";
    InvalidId "INVALID_ID" Invalid "Not an id: {}" "Geen id: {}";
    InvalidCursor "INVALID_CURSOR" Invalid
        "Not a cursor of this list; take 'endCursor' from an earlier page as it stands." "Geen cursor van deze lijst; neem 'endCursor' van een eerdere pagina over zoals hij is.";
    UnknownReference "UNKNOWN_REFERENCE" Invalid
        "There is no such {} that you may see." "Dit is er niet, of u mag het niet zien: {}.";
    MalformedBody "MALFORMED_BODY" Invalid "The body cannot be read: {}" "De inhoud is niet te lezen: {}";
    UnknownParameter "UNKNOWN_PARAMETER" Invalid "Unknown parameter: {}" "Onbekende parameter: {}";
    PeriodTooLong "PERIOD_TOO_LONG" Invalid
        "The period is longer than the method allows: at most {} months." "De periode is langer dan de methode toestaat: hoogstens {} maanden.";

    // The state of things.
    TransitionNotAllowed "TRANSITION_NOT_ALLOWED" Conflict
        "This step is not allowed from here: {}" "Deze stap kan niet vanuit de huidige stand: {}";
    AlreadyExists "ALREADY_EXISTS" Conflict "There is one already: {}" "Die is er al: {}";
    JustMade "JUST_MADE" Conflict
        "Another request made it at the same time." "Een ander verzoek maakte het op hetzelfde moment.";
    AlreadyThere "ALREADY_THERE" Stale "There is one with this externalId already. Read it, and put over it with its version (over REST: in If-Match)." "Er is er al een met deze externalId. Lees die, en leg vast met de versie ervan (over REST: in If-Match).";
    NotThere "NOT_THERE" Stale "There is none with this externalId. Make it with version 0 (over REST: If-None-Match: *)." "Er is er geen met deze externalId. Maak die met versie 0 (over REST: If-None-Match: *).";
    StaleVersion "STALE_VERSION" Stale
        "It was changed in the meantime; its version is now {}. Read it again and repeat your change." "Het is intussen gewijzigd; de versie is nu {}. Lees het opnieuw en herhaal uw wijziging.";
    NotYours "NOT_YOURS" Invalid
        "It is shown to you, but is not yours to build on: {}" "U mag het zien, maar er niet op voortbouwen: {}";
    InUse "IN_USE" Conflict "It is still in use: {}" "Het is nog in gebruik: {}";
    NotEditable "NOT_EDITABLE" Conflict "It can no longer be changed: {}" "Het kan niet meer gewijzigd worden: {}";

    // What a step of a life cycle still waits for.
    ThemeMissing "THEME_MISSING" Conflict "The CoP has no theme." "De CoP heeft nog geen thema.";
    CharterWhyMissing "CHARTER_WHY_MISSING" Conflict
        "The charter does not yet say why." "Het charter zegt nog niet waarom (Why).";
    FacilitatorMissing "FACILITATOR_MISSING" Conflict
        "The CoP has no primary facilitator provided by {}." "De CoP heeft nog geen eerste facilitator vanuit {}.";
    CharterNotAgreed "CHARTER_NOT_AGREED" Conflict
        "There is no agreed charter." "Er is nog geen vastgesteld charter.";
    GoalsMissing "GOALS_MISSING" Conflict "The charter has no goal." "Het charter heeft geen doel (What).";
    PeriodMissing "PERIOD_MISSING" Conflict
        "The CoP has no start date and planned end date." "De CoP heeft nog geen begindatum en beoogde einddatum.";
    TooFewOrganisations "TOO_FEW_ORGANISATIONS" Conflict
        "Too few organisations take part: {}" "Er doen te weinig organisaties mee: {}";
    TooFewSessions "TOO_FEW_SESSIONS" Conflict "Too few sessions are planned: {}" "Er zijn te weinig bijeenkomsten gepland: {}";
    GoalsNotAssessed "GOALS_NOT_ASSESSED" Conflict
        "Goals not yet assessed: {}" "Nog niet beoordeelde doelen: {}";
    TooFewIntensiveSessions "TOO_FEW_INTENSIVE_SESSIONS" Conflict
        "Too few hackathons or open spaces were held ({}); hold one, or give a reason." "Er zijn te weinig hackathons of open spaces gehouden ({}); houd er een, of geef een reden.";
    GoalsNotAnchored "GOALS_NOT_ANCHORED" Conflict
        "Goals without an anchored artefact or a waiver: {}" "Doelen zonder geborgd resultaat of ontheffing: {}";
    NothingShared "NOTHING_SHARED" Conflict
        "Nothing was shown at a clinic or network meeting yet." "Er is nog niets getoond op een clinic of netwerkbijeenkomst.";
    ReasonMissing "REASON_MISSING" Conflict "This step needs a reason." "Deze stap vraagt om een reden.";
    PersonYesMissing "PERSON_YES_MISSING" Conflict
        "The person has not said yes yet." "De persoon heeft zelf nog geen ja gezegd.";
    NotEligible "NOT_ELIGIBLE" Conflict "This person or organisation cannot: {}" "Deze persoon of organisatie kan dit niet: {}";
    NotStarted "NOT_STARTED" Conflict "It has not started yet." "Het is nog niet begonnen.";
    PerspectivesMissing "PERSPECTIVES_MISSING" Conflict
        "An intensive session needs experts with the perspectives {}, or a reason." "Een intensieve bijeenkomst vraagt experts met de perspectieven {}, of een reden.";
    CopFull "COP_FULL" Conflict "The CoP has room for {} members, and no seat is left." "De CoP heeft plaats voor {} deelnemers, en er is geen plaats meer.";
    CeilingTooNarrow "CEILING_TOO_NARROW" Conflict "The CoP that leads the session shares less than this: {}" "De CoP die de bijeenkomst leidt deelt minder dan dit: {}";
    CopNotOpen "COP_NOT_OPEN" Conflict "The CoP is in a state in which this is not done: {}" "De CoP is in een stand waarin dit niet kan: {}";
    AgreementNotGiven "AGREEMENT_NOT_GIVEN" Conflict "Read the concept's agreementText and give its version as agreementVersion: {}" "Lees de agreementText van het concept en geef de versie ervan als agreementVersion: {}";
    PreconditionsNotMet "PRECONDITIONS_NOT_MET" Conflict "Preconditions not met yet: {}" "Nog niet vervulde randvoorwaarden: {}";
    ConsentNotGiven "CONSENT_NOT_GIVEN" Conflict "Show the form's consentText and give its version as consentVersion: {}" "Toon de consentText van het formulier en geef de versie ervan als consentVersion: {}";
    ActionMissing "ACTION_MISSING" Conflict
        "Say in the note what was done about it." "Zeg in de notitie wat eraan is gedaan.";
    ChangeMissing "CHANGE_MISSING" Conflict
        "Say in the note what has changed by it." "Zeg in de notitie wat erdoor is veranderd.";
    BodyMissing "BODY_MISSING" Conflict
        "It has neither text nor a source address." "Er is nog geen tekst en geen bronadres.";

    // Files.
    UploadOffset "UPLOAD_OFFSET" Conflict "Go on at byte {}." "Ga verder bij byte {}.";
    UploadIncomplete "UPLOAD_INCOMPLETE" Conflict
        "Not all of the file is there yet: {} bytes" "Nog niet het hele bestand is er: {} bytes";
    ChecksumMismatch "CHECKSUM_MISMATCH" Conflict
        "Another file arrived than was announced; send it again. It has the SHA-256 {}" "Er kwam een ander bestand aan dan aangekondigd; stuur het opnieuw. Het heeft als SHA-256 {}";
    RangeNotSatisfiable "RANGE_NOT_SATISFIABLE" RangeNotSatisfiable
        "It has no such bytes; it is {} bytes long." "Die bytes heeft het niet; het is {} bytes lang.";

    // Requests.
    MethodNotAllowed "METHOD_NOT_ALLOWED" MethodNotAllowed "Use {}." "Gebruik {}.";
    NotAcceptable "NOT_ACCEPTABLE" NotAcceptable "Accept one of: {}" "Accepteer een van: {}";
    UnsupportedMediaType "UNSUPPORTED_MEDIA_TYPE" UnsupportedMedia
        "Send the body as {}." "Stuur de inhoud als {}.";
    BodyTooLarge "BODY_TOO_LARGE" TooLarge "The body is larger than {}." "De inhoud is groter dan {}.";
    PreconditionRequired "PRECONDITION_REQUIRED" PreconditionRequired
        "Send If-Match with the ETag that you read last {}" "Stuur If-Match mee met de ETag die u het laatst las {}";
    RequestTimeout "REQUEST_TIMEOUT" Timeout "The request did not arrive in time." "Het verzoek kwam niet op tijd binnen.";
    DeadlineExceeded "DEADLINE_EXCEEDED" Unavailable
        "It took longer than {}; ask for less at once." "Het duurde langer dan {}; vraag minder tegelijk.";
    RateLimited "RATE_LIMITED" TooMany
        "Too many at once; try again in {} seconds." "Te veel tegelijk; probeer het over {} seconden opnieuw.";
    Unavailable "UNAVAILABLE" Unavailable "Try again in a moment." "Probeer het zo dadelijk opnieuw.";
    Internal "INTERNAL" Internal
        "Something went wrong on our side; name the trace id if you report it." "Er ging aan onze kant iets mis; noem het trace-id als u het meldt.";

    // GraphQL.
    BatchNotSupported "BATCH_NOT_SUPPORTED" Invalid
        "Send one operation a request, not an array." "Stuur per verzoek één operatie, geen array.";
    QueryMissing "QUERY_MISSING" Invalid "Send the operation as 'query'." "Stuur de operatie mee als 'query'.";
    QueryParseFailed "GRAPHQL_PARSE_FAILED" Invalid "The document cannot be parsed: {}" "Het document is niet te lezen: {}";
    QueryInvalid "GRAPHQL_VALIDATION_FAILED" Invalid "The document does not fit the schema: {}" "Het document past niet bij het schema: {}";
    VariablesInvalid "BAD_USER_INPUT" Invalid "A variable does not fit its type: {}" "Een variabele past niet bij haar type: {}";
    OperationNotFound "OPERATION_NOT_FOUND" Invalid "Name one of the operations in the document: {}" "Noem een van de operaties in het document: {}";
    MutationByGet "MUTATION_BY_GET" MethodNotAllowed "Send mutations by POST." "Stuur mutaties met POST.";
    QueryTooDeep "QUERY_TOO_DEEP" Invalid "The query is deeper than {} levels." "De query is dieper dan {} niveaus.";
    QueryTooCostly "QUERY_TOO_COSTLY" Invalid "The query costs more than allowed: {}" "De query kost meer dan is toegestaan: {}";
    TooManyAliases "TOO_MANY_ALIASES" Invalid "One field stands more than {} times in one selection." "Eén veld staat meer dan {} keer in één selectie.";
    TooManyTokens "TOO_MANY_TOKENS" Invalid "The document has more than {} tokens." "Het document heeft meer dan {} tokens.";

    // Imports.
    DuplicateInFile "DUPLICATE_IN_FILE" Conflict "An earlier row of this file has the same externalId: line {}" "Een eerdere regel van dit bestand heeft hetzelfde externalId: regel {}";
    RowUnreadable "ROW_UNREADABLE" Invalid "The row is no JSON object of this collection: {}" "De regel is geen JSON-object van deze verzameling: {}";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_shows_its_chain_only_when_asked() {
        let fault = Fault::from("reading a CoP", std::io::Error::other("disk on fire"));
        assert_eq!(fault.to_string(), "reading a CoP");
        assert_eq!(fault.chain(), "reading a CoP: disk on fire");
        assert_eq!(Error::from(fault).problems()[0].message(Language::En), Code::Internal.message(Language::En));
    }

    #[test]
    fn messages_carry_their_detail_in_both_languages() {
        let problem = Problem::new(Code::TooLong, "why.text", "200");
        assert_eq!(problem.field, ["why", "text"]);
        assert_eq!(problem.message(Language::En), "At most 200 characters.");
        assert_eq!(problem.message(Language::Nl), "Hoogstens 200 tekens.");
    }
}
