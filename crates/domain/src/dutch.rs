//! What stands for `{}` in a message, in Dutch. The use cases say it in English, once; what is an id, a number or a name is
//! the same in both.

use crate::{error::Language, record::Labelled, session::Perspective};
use std::borrow::Cow;

/// The Dutch words for an English detail; the detail itself where it has none of its own.
pub fn detail(english: &str) -> Cow<'_, str> {
    if let Some((_, dutch)) = DETAILS.iter().find(|(known, _)| *known == english) {
        return Cow::Borrowed(dutch);
    }
    let sides: Option<Vec<_>> = english.split(", ").map(Perspective::from_label).collect();
    if let Some(sides) = sides {
        let words: Vec<_> = sides.iter().map(|side| side.words(Language::Nl).to_lowercase()).collect();
        return Cow::Owned(words.join(", "));
    }
    if let Some(kind) = kind(english) {
        return Cow::Borrowed(kind);
    }
    if let Some((known, key)) = english.split_once(" with the externalId ")
        && let Some(kind) = kind(known)
    {
        return Cow::Owned(format!("{kind} met externalId {key}"));
    }
    if let Some(values) = english.strip_prefix("one of ") {
        return Cow::Owned(format!("een van {values}"));
    }
    if let Some(field) = english.strip_prefix("this or ").and_then(|rest| rest.strip_suffix(", not both")) {
        return Cow::Owned(format!("dit of {field}, niet allebei"));
    }
    if let Some(field) = english.strip_prefix("This or ") {
        return Cow::Owned(format!("Dit of {field}"));
    }
    let id = english.strip_prefix("expected an id that starts with ");
    if let Some(prefix) = id.and_then(|rest| rest.strip_suffix(" and has 26 base32 characters after it")) {
        return Cow::Owned(format!("een id begint met {prefix} en heeft daarna 26 base32-tekens"));
    }
    // From one state or number to another, and so many of so many.
    let is_state = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match (english.split_once(" to "), english.split_once(" of ")) {
        (Some((from, to)), _) if is_state(from) && is_state(to) => Cow::Owned(format!("{from} naar {to}")),
        (Some((from, to)), _) if is_number(from) && is_number(to) => Cow::Owned(format!("{from} tot en met {to}")),
        (_, Some((some, all))) if is_number(some) && is_number(all) => Cow::Owned(format!("{some} van {all}")),
        _ => Cow::Borrowed(english),
    }
}

/// What a kind of row is called, by the words of its table.
fn kind(english: &str) -> Option<&'static str> {
    KINDS.iter().find(|(known, _)| *known == english).map(|(_, dutch)| *dutch)
}

#[rustfmt::skip]
const KINDS: &[(&str, &str)] = &[
    ("agenda item", "agendapunt"), ("anchoring", "borging"), ("artefact", "artefact"),
    ("artefact version", "versie van een artefact"), ("attachment", "bijlage"), ("calendar feed", "agenda-abonnement"),
    ("charter", "charter"), ("charter agreement", "instemming met een charter"), ("comment", "reactie"),
    ("concept", "concept"), ("concept element", "element van een concept"), ("contact request", "contactaanvraag"),
    ("cop", "CoP"), ("exchange", "uitwisseling"), ("expert contribution", "bijdrage van een expert"),
    ("facilitation", "facilitering"), ("focus area", "onderwerp"), ("front runner", "koploper"),
    ("front runner project", "koploperproject"), ("goal", "doel"), ("guide", "handreiking"),
    ("guide step", "stap van een handreiking"), ("import job", "import"), ("lesson step", "stap van een les"),
    ("membership", "lidmaatschap"), ("organisation", "organisatie"), ("participation", "deelname"), ("person", "persoon"),
    ("publication", "publicatie"), ("publication approval", "akkoord met een publicatie"), ("registration", "aanmelding"),
    ("session", "bijeenkomst"), ("session join", "CoP die bij een bijeenkomst aansluit"),
    ("session series", "bijeenkomstenreeks"), ("showing", "vertoning"), ("step progress", "voortgang van een stap"),
    ("theme", "thema"), ("token", "token"), ("upload", "upload"),
];

#[rustfmt::skip]
const DETAILS: &[(&str, &str)] = &[
    // Values.
    ("years 1000 to 9999", "de jaren 1000 tot en met 9999"),
    ("1 to 80 lower-case letters, digits and single hyphens", "1 tot 80 kleine letters, cijfers en losse koppeltekens"),
    ("an http or https address", "een http- of https-adres"),
    ("an e-mail address", "een e-mailadres"),
    ("a language tag such as nl or en-GB", "een taalcode zoals nl of en-GB"),
    ("an IANA time zone such as Europe/Amsterdam", "een IANA-tijdzone zoals Europe/Amsterdam"),
    ("control characters", "stuurtekens"),
    ("there is no such field", "dit veld is er niet"),
    ("of your organisation, unless you see who comes", "van uw organisatie, tenzij u ziet wie er komt"),
    ("today or later", "vandaag of later"),
    ("after startsAt", "na startsAt"),
    ("PARTNERS or NETWORK", "PARTNERS of NETWORK"),
    (
        "only a clinic or network meeting is for the whole network",
        "alleen een clinic of netwerkbijeenkomst is voor het hele netwerk",
    ),
    ("a CoP that your organisation hosts, or that you guide", "een CoP die uw organisatie trekt, of die u begeleidt"),
    ("let a CoP join a session", "een CoP laten aansluiten bij een bijeenkomst"),
    ("end that a CoP joins a session", "beëindigen dat een CoP bij een bijeenkomst aansluit"),
    ("the CoP does not join it any more", "de CoP sluit er niet meer bij aan"),
    ("after startTime", "na startTime"),
    ("a time of day such as 10:00", "een tijd zoals 10:00"),
    ("a recurrence rule such as FREQ=WEEKLY;COUNT=10", "een herhaalregel zoals FREQ=WEEKLY;COUNT=10"),
    ("FREQ is DAILY, WEEKLY, MONTHLY or YEARLY", "FREQ is DAILY, WEEKLY, MONTHLY of YEARLY"),
    ("either COUNT or UNTIL, so that it comes to an end", "of COUNT of UNTIL, zodat er een eind aan komt"),
    (
        "FREQ, INTERVAL, COUNT or UNTIL, BYDAY, BYMONTHDAY, BYMONTH, BYSETPOS, WKST",
        "FREQ, INTERVAL, COUNT of UNTIL, BYDAY, BYMONTHDAY, BYMONTH, BYSETPOS, WKST",
    ),
    ("INTERVAL is 1 to 366", "INTERVAL is 1 tot en met 366"),
    ("COUNT is a number from 1", "COUNT is een getal vanaf 1"),
    (
        "BYDAY is MO to SU, with a number from -5 to 5 only in a month or year",
        "BYDAY is MO tot en met SU, met een getal van -5 tot en met 5 alleen in een maand of jaar",
    ),
    ("BYMONTHDAY is 1 to 31 or -31 to -1, and not of a week", "BYMONTHDAY is 1 tot en met 31 of -31 tot en met -1, en niet van een week"),
    ("BYMONTH is 1 to 12", "BYMONTH is 1 tot en met 12"),
    (
        "BYSETPOS is 1 to 366 or -366 to -1, beside BYDAY, BYMONTHDAY or BYMONTH",
        "BYSETPOS is 1 tot en met 366 of -366 tot en met -1, naast BYDAY, BYMONTHDAY of BYMONTH",
    ),
    ("WKST is MO to SU", "WKST is MO tot en met SU"),
    (
        "UNTIL is a day such as 20270630, or a moment such as 20270630T100000Z",
        "UNTIL is een dag zoals 20270630, of een moment zoals 20270630T100000Z",
    ),
    ("at least one day", "minstens één dag"),
    ("-60 to 60", "-60 tot en met 60"),
    ("no session of it is left from then on", "er is vanaf dan geen bijeenkomst meer van over"),
    ("not before startDate", "niet voor startDate"),
    ("not in the future", "niet in de toekomst"),
    ("its review date has passed", "de herzieningsdatum is voorbij"),
    ("give first or last, not both", "geef first of last, niet allebei"),
    ("a typed id such as cop_…", "een id met voorvoegsel, zoals cop_…"),
    ("not null", "niet null"),
    ("an object", "een object"),
    ("a date such as 2026-09-01", "een datum, zoals 2026-09-01"),
    ("a time with its offset, such as 2026-09-01T09:00:00Z", "een tijd met tijdzone, zoals 2026-09-01T09:00:00Z"),
    ("a string", "een tekst"),
    ("a list", "een lijst"),
    ("true or false", "true of false"),
    ("a whole number", "een geheel getal"),
    ("it must be a JSON object", "het moet een JSON-object zijn"),
    ("It is the key of the row.", "Het is de sleutel van de rij."),
    ("It can be empty only in a draft.", "Alleen in een concept mag het leeg zijn."),
    ("An active CoP of this method has a period.", "Een actieve CoP van deze methode heeft een periode."),
    ("Only a clinic or network meeting is of no CoP.", "Alleen een clinic of netwerkbijeenkomst hoort bij geen CoP."),
    ("it stands in the address or in If-Match", "het staat in het adres of in If-Match"),
    ("a CLINIC or NETWORK_MEETING", "een CLINIC of NETWORK_MEETING"),
    ("a closed CoP of the same host", "een afgesloten CoP van dezelfde gastheer"),
    ("a person of the own organisation", "een persoon van de eigen organisatie"),
    ("an active person of the own organisation", "een actieve persoon van de eigen organisatie"),
    ("people of the own organisation", "personen van de eigen organisatie"),
    ("yourself", "uzelf"),
    ("a CoP, a person, or both", "een CoP, een persoon, of allebei"),
    ("an active organisation other than the host", "een actieve organisatie anders dan de gastheer"),
    ("only the host gives its rows keys", "alleen de gastheer geeft zijn rijen sleutels"),
    ("goals of a charter that was agreed", "doelen van een charter dat is vastgesteld"),
    ("goals of the same CoP", "doelen van dezelfde CoP"),
    ("only a lesson learned has one", "alleen een geleerde les heeft die"),
    ("a session of the same CoP", "een bijeenkomst van dezelfde CoP"),
    ("one that was handed in", "een die is ingediend"),
    ("only a FACILITATOR is primary", "alleen een FACILITATOR is eerste facilitator"),
    ("there is exactly one NETWORK_OPERATOR", "er is precies één NETWORK_OPERATOR"),
    ("NETWORK_OPERATOR is given to one organisation for good", "NETWORK_OPERATOR hoort voorgoed bij één organisatie"),
    ("an organisation's first token is its admin's: tokens:manage is missing", "het eerste token van een organisatie is dat van de beheerder: tokens:manage ontbreekt"),
    ("it is set only by an import with history=true", "alleen een import met history=true zet dit"),
    ("it was made here, not imported", "het is hier gemaakt, niet geïmporteerd"),
    ("a membership stays that of one person in one CoP", "een lidmaatschap blijft dat van één persoon in één CoP"),
    ("to PATCH it.", "om het te wijzigen."),
    ("to put over it, or If-None-Match: * to make it.", "om eroverheen vast te leggen, of If-None-Match: * om het te maken."),
    ("somebody stays an outsider, or of the organisation", "iemand blijft een buitenstaander, of van de organisatie"),
    ("percent-encoded", "met procenttekens gecodeerd"),
    ("PARTNERS, NETWORK or PUBLIC", "PARTNERS, NETWORK of PUBLIC"),
    ("people of the own organisation, and of those that take part in the CoP", "personen van de eigen organisatie, en van de organisaties die meedoen in de CoP"),
    ("exactly one of organisationId, personId and public", "precies één van organisationId, personId en public"),
    (
        "of a session that another host's CoP joins, who is named by its visibility",
        "bij een bijeenkomst waar een CoP van een andere gastheer bij is: wie bij de zichtbaarheid genoemd wordt",
    ),
    ("an organisation that you know to have to do with the CoP", "een organisatie waarvan u weet dat die met de CoP te maken heeft"),
    ("a person of the own organisation, unless you host the CoP", "een persoon van de eigen organisatie, tenzij u gastheer van de CoP bent"),
    ("1 to 1073741824", "1 tot en met 1073741824"),
    ("a file name without a folder", "een bestandsnaam zonder map"),
    ("a media type such as application/pdf", "een mediatype zoals application/pdf"),
    ("64 hexadecimal digits", "64 hexadecimale cijfers"),
    ("the size that was announced", "de aangekondigde grootte"),
    ("bytes within the size", "bytes binnen de grootte"),
    ("bytes a-b/total", "bytes a-b/totaal"),
    ("it ended before Content-Range does", "het eindigde eerder dan Content-Range"),
    // States.
    ("it has expired", "het is verlopen"),
    ("it was removed before", "het is al eerder verwijderd"),
    ("its personal data was removed", "de persoonsgegevens zijn verwijderd"),
    ("the organisation has set no text yet", "de organisatie heeft nog geen tekst vastgesteld"),
    ("not an active front-runner", "geen actieve koploper"),
    ("not an active person of an organisation", "geen actieve persoon van een organisatie"),
    ("not an active person of the organisation", "geen actieve persoon van de organisatie"),
    ("their organisation does not take part", "hun organisatie doet niet mee"),
    ("the session is for no guests", "de bijeenkomst is niet voor introducés"),
    (
        "neither member, facilitator nor expert; somebody brings guests along",
        "geen deelnemer, facilitator of expert; introducés brengt iemand mee",
    ),
    ("a comment on the same artefact", "een reactie op hetzelfde artefact"),
    ("each registration once", "elke aanmelding één keer"),
    ("registrations for this session that hold", "aanmeldingen voor deze bijeenkomst die gelden"),
    ("7 to 365", "7 tot en met 365"),
    ("1 to 1440", "1 tot en met 1440"),
    ("1 to 10000", "1 tot en met 10000"),
    ("a member of the CoP is no expert from outside", "een deelnemer van de CoP is geen expert van buiten"),
    ("an expert from outside is no member of the CoP", "een expert van buiten is geen deelnemer van de CoP"),
    ("an outsider of yours, or one who may be found", "een eigen buitenstaander, of iemand die vindbaar is"),
    ("A report says at least what happened.", "Een verslag zegt op zijn minst wat er gebeurde."),
    ("their organisation does not provide the facilitator", "hun organisatie levert de facilitator niet"),
    ("the host takes part by itself", "de gastheer doet vanzelf mee"),
    ("assign another primary facilitator first", "wijs eerst een andere eerste facilitator aan"),
    ("assign another primary facilitator, who follows this one up", "wijs een andere eerste facilitator aan, die deze opvolgt"),
    ("it has ended already", "het is al beëindigd"),
    ("it is no longer good", "het is niet meer geldig"),
    // What somebody may not do.
    ("accept for the other side", "namens de andere partij accepteren"),
    ("decline for the other side", "namens de andere partij afslaan"),
    ("take back what the other side asked", "terugnemen wat de andere partij vroeg"),
    ("end a participation", "een deelname beëindigen"),
    ("ask to take part", "vragen om mee te doen"),
    ("invite an organisation", "een organisatie uitnodigen"),
    ("assign a facilitator", "een facilitator aanwijzen"),
    ("end a facilitation", "een facilitering beëindigen"),
    ("nominate somebody of another organisation", "iemand van een andere organisatie voordragen"),
    (
        "what is good in another organisation's CoP, its facilitators say",
        "wat goed is in een CoP van een andere organisatie, zeggen de begeleiders daarvan",
    ),
    ("apply for somebody else", "iemand anders aanmelden"),
    ("say yes for somebody else", "ja zeggen namens een ander"),
    ("write the charter", "het charter schrijven"),
    ("propose the charter", "het charter voorstellen"),
    ("take the proposal back", "het voorstel terugnemen"),
    ("agree to the charter", "het charter vaststellen"),
    ("assess a goal", "een doel beoordelen"),
    ("waive the anchoring of a goal", "een doel vrijstellen van borging"),
    ("prepare a CoP", "een CoP voorbereiden"),
    ("publish an artefact", "een artefact publiceren"),
    ("approve a publication", "een publicatie goedkeuren"),
    ("reject a publication", "een publicatie afwijzen"),
    ("withdraw a publication", "een publicatie terugtrekken"),
    ("conclude a publication", "een publicatie afronden"),
    ("put a theme", "een thema vastleggen"),
    ("put a person", "een persoon vastleggen"),
    ("put a CoP", "een CoP vastleggen"),
    ("put a membership", "een lidmaatschap vastleggen"),
    ("put an artefact", "een artefact vastleggen"),
    ("change a CoP", "een CoP wijzigen"),
    ("plan a session", "een bijeenkomst plannen"),
    ("change a session", "een bijeenkomst wijzigen"),
    ("call off a series", "een reeks afgelasten"),
    ("change a series", "een reeks wijzigen"),
    ("show an artefact", "een artefact tonen"),
    ("comment on an artefact", "op een artefact reageren"),
    ("select members", "deelnemers selecteren"),
    ("reject members", "deelnemers afwijzen"),
    ("each membership once", "elk lidmaatschap één keer"),
    ("a step that is part of its guide", "een stap die bij de handreiking hoort"),
    ("your organisation does not take part", "je organisatie doet niet mee"),
    ("memberships of this CoP", "lidmaatschappen van deze CoP"),
    ("make a guide", "een handreiking maken"),
    ("change a guide", "een handreiking wijzigen"),
    ("add a step", "een stap toevoegen"),
    ("change a step", "een stap wijzigen"),
    ("say how far a CoP is", "zeggen hoe ver een CoP is"),
    ("record an exchange", "een uitwisseling vastleggen"),
    ("change an exchange", "een uitwisseling wijzigen"),
    ("acknowledge an exchange", "een uitwisseling bevestigen"),
    ("withdraw an exchange", "een uitwisseling terugtrekken"),
    ("another project", "een ander project"),
    ("a strength of the giving project", "een sterk punt van het gevende project"),
    ("a session of this CoP", "een bijeenkomst van deze CoP"),
    ("ORGANISATION or NETWORK", "ORGANISATION of NETWORK"),
    ("comment on what another organisation wrote by itself", "reageren op wat een andere organisatie alleen schreef"),
    ("change a comment", "een reactie wijzigen"),
    ("remove a comment", "een reactie verwijderen"),
    ("upload a file", "een bestand aanleveren"),
    ("attach a file", "een bestand bijvoegen"),
    ("remove a file", "een bestand verwijderen"),
    ("invite an expert", "een expert vragen"),
    ("put something on the agenda", "iets op de agenda zetten"),
    ("only who plans the session names somebody else", "alleen wie de bijeenkomst plant noemt een ander"),
    ("change the agenda", "de agenda wijzigen"),
    ("register somebody of another organisation", "iemand van een andere organisatie aanmelden"),
    ("cancel the registration of somebody of another organisation", "iemand van een andere organisatie afmelden"),
    ("record who was there", "vastleggen wie er was"),
    ("change a contribution", "een bijdrage wijzigen"),
    ("withdraw a contribution", "een bijdrage intrekken"),
    ("change a report", "een verslag wijzigen"),
    ("write an artefact", "een artefact schrijven"),
    ("change an artefact", "een artefact wijzigen"),
    ("hand an artefact in", "een artefact indienen"),
    ("take a lesson further", "een les verder brengen"),
    ("a lesson learned", "een geleerde les"),
    ("retire an artefact", "een artefact intrekken"),
    ("anchor an artefact", "een artefact borgen"),
    ("change an anchoring", "een borging wijzigen"),
    ("write in a CoP that you do not take part in", "schrijven in een CoP waaraan u niet meedoet"),
    ("add a person", "een persoon toevoegen"),
    ("change a person", "een persoon wijzigen"),
    ("let a person leave", "een persoon laten vertrekken"),
    ("erase a person", "een persoon wissen"),
    ("a session to come", "een bijeenkomst die nog komt"),
    ("only of somebody from outside", "alleen van iemand van buiten"),
    ("from today to five years from now", "van vandaag tot vijf jaar na nu"),
    ("act for a person", "namens een persoon handelen"),
    ("describe a theme", "een thema beschrijven"),
    ("change a theme", "een thema wijzigen"),
    ("describe a concept", "een concept beschrijven"),
    ("change a concept", "een concept wijzigen"),
    ("an SPDX licence id such as CC-BY-4.0", "een SPDX-licentiecode zoals CC-BY-4.0"),
    ("set a template", "een sjabloon vaststellen"),
    ("set a method", "een methode vaststellen"),
    ("change an element", "een element wijzigen"),
    ("change a focus area", "een onderwerp wijzigen"),
    ("each code once", "elke code één keer"),
    (
        "usualMonthsFrom and usualMonthsTo of 1 to 120, in this order",
        "usualMonthsFrom en usualMonthsTo van 1 tot en met 120, in deze volgorde",
    ),
    ("1 to 120, and no less than usualMonthsTo", "1 tot en met 120, en niet minder dan usualMonthsTo"),
    ("it is over", "hij is voorbij"),
    ("a version keeps its number", "een versie houdt haar nummer"),
    ("put a charter", "een charter inbrengen"),
    ("put a goal", "een doel inbrengen"),
    ("put a showing", "een vertoning inbrengen"),
    ("it is proposed here, to those who are in", "het wordt hier voorgesteld, aan wie meedoet"),
    ("only for what was agreed", "alleen bij wat is overeengekomen"),
    ("a charter stays that of its CoP", "een charter blijft dat van zijn CoP"),
    ("it was agreed", "het is overeengekomen"),
    ("its CoP lives here, and its charter is agreed here", "de CoP loopt hier, en het charter wordt hier overeengekomen"),
    ("others take part, and each says its own yes", "anderen doen mee, en elk zegt zelf ja"),
    ("only of a charter that was agreed", "alleen van een charter dat is overeengekomen"),
    ("with the assessment that it explains", "bij de beoordeling die het toelicht"),
    ("a goal stays in its charter", "een doel blijft in zijn charter"),
    ("goals are moved with goalUpdate", "doelen worden verplaatst met goalUpdate"),
    ("put a series", "een reeks inbrengen"),
    ("of the past, each session says it", "van vroeger zegt elke bijeenkomst het zelf"),
    ("a series stays that of its CoP", "een reeks blijft die van haar CoP"),
    ("what a series planned is moved or called off", "wat een reeks plande, wordt verplaatst of afgelast"),
    ("a series of the same CoP, for a regular session", "een reeks van dezelfde CoP, voor een gewone bijeenkomst"),
    ("a session stays that of its series", "een bijeenkomst blijft die van haar reeks"),
    ("a session of a series is a regular one", "een bijeenkomst van een reeks is een gewone"),
    ("it stays that of one CoP at one session", "het blijft dat van één CoP bij één bijeenkomst"),
    (
        "its version is published, was made here, or is of a CoP with others: attach without history",
        "de versie is gepubliceerd, hier gemaakt of van een CoP met anderen: voeg toe zonder history",
    ),
    ("it was attached before: upload the file anew", "het is al toegevoegd: upload het bestand opnieuw"),
    ("a field stands there twice", "een veld staat er twee keer"),
    ("a file is not changed, but removed", "een bestand wordt niet gewijzigd, maar verwijderd"),
    ("it stays that of one artefact at one session", "het blijft die van één opbrengst op één bijeenkomst"),
    ("each key and each heading once", "elke sleutel en elke kop één keer"),
    ("add an element", "een element toevoegen"),
    ("add a focus area", "een onderwerp toevoegen"),
    ("describe a project", "een project beschrijven"),
    ("change a project", "een project wijzigen"),
    ("add a front-runner", "een koploper toevoegen"),
    ("end a front-runner", "een koploper laten stoppen"),
    ("create an organisation", "een organisatie toelaten"),
    ("change an organisation", "een organisatie wijzigen"),
    ("the network operator is always active", "de netwerkorganisatie is altijd actief"),
    ("issue a token", "een token uitgeven"),
    ("make a calendar feed", "een agenda-abonnement maken"),
    ("revoke a calendar feed", "een agenda-abonnement intrekken"),
    ("revoke a token", "een token intrekken"),
    ("rotate a token", "een token vernieuwen"),
    ("revoke a token of another kind", "een token van een andere soort intrekken"),
    ("rotate a token of another kind", "een token van een andere soort vernieuwen"),
    ("take a contact request in", "een contactverzoek aannemen"),
    ("assign a contact request", "een contactverzoek toewijzen"),
    ("answer a contact request", "een contactverzoek beantwoorden"),
    ("close a contact request", "een contactverzoek afsluiten"),
    ("mark a contact request as spam", "een contactverzoek als ongewenst aanmerken"),
    ("erase a contact request", "een contactverzoek wissen"),
    ("import", "importeren"),
    // Steps of a life cycle, as they are noted.
    ("recruiting", "de werving openen"),
    ("activated", "starten"),
    ("harvesting", "oogsten"),
    ("resumed", "hervatten"),
    ("closed", "afsluiten"),
    ("cancelled", "annuleren"),
    ("selected", "selecteren"),
    ("rejected", "afwijzen"),
    ("completed", "afronden"),
    ("withdrawn", "terugtrekken"),
    ("removed", "verwijderen"),
    ("scheduled", "inplannen"),
    ("held", "als gehouden melden"),
    ("reported", "het verslag melden"),
    ("validated", "valideren"),
    ("sent-back", "terugsturen"),
    ("anchored", "borgen"),
    ("lapsed", "laten vervallen"),
    ("suspended", "opschorten"),
    ("reactivated", "weer toelaten"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Code, Problem, error::Language};

    /// Every action that a permit is asked for, as it stands in the sources.
    #[test]
    fn whatever_may_not_be_done_has_dutch_words() {
        let sources = [
            include_str!("artefact/anchoring.rs"),
            include_str!("artefact/attachment.rs"),
            include_str!("artefact/comment.rs"),
            include_str!("artefact/content.rs"),
            include_str!("artefact/lesson.rs"),
            include_str!("artefact/mod.rs"),
            include_str!("calendar.rs"),
            include_str!("concept.rs"),
            include_str!("contact.rs"),
            include_str!("exchange.rs"),
            include_str!("guide.rs"),
            include_str!("file/upload.rs"),
            include_str!("organisation.rs"),
            include_str!("person.rs"),
            include_str!("project.rs"),
            include_str!("publication/approval.rs"),
            include_str!("publication/mod.rs"),
            include_str!("session/agenda.rs"),
            include_str!("session/expert.rs"),
            include_str!("session/joint.rs"),
            include_str!("session/mod.rs"),
            include_str!("session/registration.rs"),
            include_str!("session/series.rs"),
            include_str!("theme.rs"),
            include_str!("cop/charter.rs"),
            include_str!("cop/facilitation.rs"),
            include_str!("cop/membership.rs"),
            include_str!("cop/mod.rs"),
            include_str!("cop/participation.rs"),
        ];
        let mut found = 0;
        for source in sources {
            let calls = [
                "policy::owner(scope, \"",
                "by_authors(scope, \"",
                "own(scope, \"",
                "by_maker(scope, \"",
                "may_change(&mut *tx, scope, \"",
                "None, \"",
                "version, \"",
                "from, \"",
                "let action = \"",
            ];
            for call in calls {
                for rest in source.split(call).skip(1) {
                    let action = rest.split('"').next().unwrap_or_default();
                    assert_ne!(detail(action), action, "no Dutch for '{action}'");
                    found += 1;
                }
            }
        }
        assert!(found > 25, "{found}");
    }

    #[test]
    fn what_names_fields_and_rows_is_dutch_too() {
        for (english, dutch) in [
            ("theme with the externalId 'zorg'", "thema met externalId 'zorg'"),
            ("front runner project", "koploperproject"),
            ("one of DRAFT, ACTIVE", "een van DRAFT, ACTIVE"),
            ("this or copId, not both", "dit of copId, niet allebei"),
            ("This or copId.", "Dit of copId."),
        ] {
            assert_eq!(detail(english), dutch);
        }
        let id = "x".parse::<crate::Id<crate::cop::Cop>>().unwrap_err().to_string();
        assert_eq!(detail(&id), "een id begint met 'cop_' en heeft daarna 26 base32-tekens");
    }

    #[test]
    fn a_message_is_in_one_language() {
        let problem = Problem::new(Code::InvalidValue, "email", "an e-mail address");
        assert_eq!(problem.message(Language::Nl), "Niet geldig: een e-mailadres");
        assert_eq!(problem.message(Language::En), "Not valid: an e-mail address");
        assert_eq!(Problem::new(Code::TooLong, "title", "200").message(Language::Nl), "Hoogstens 200 tekens.");
    }
}
