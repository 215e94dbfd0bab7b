//! What stands for `{}` in a message, in Dutch. The use cases say it in English, once; what is an id, a number or a name is
//! the same in both.

/// The Dutch words for an English detail; the detail itself where it has none of its own.
pub fn detail(english: &str) -> &str {
    DETAILS.iter().find(|(known, _)| *known == english).map_or(english, |(_, dutch)| dutch)
}

#[rustfmt::skip]
const DETAILS: &[(&str, &str)] = &[
    // Values.
    ("0 to 24", "0 tot en met 24"),
    ("1 to 15", "1 tot en met 15"),
    ("1 to 100", "1 tot en met 100"),
    ("1 to 365", "1 tot en met 365"),
    ("1900 to 2199", "1900 tot en met 2199"),
    ("years 1000 to 9999", "de jaren 1000 tot en met 9999"),
    ("1 to 80 lower-case letters, digits and single hyphens", "1 tot 80 kleine letters, cijfers en losse koppeltekens"),
    ("an http or https address", "een http- of https-adres"),
    ("an e-mail address", "een e-mailadres"),
    ("a language tag such as nl or en-GB", "een taalcode zoals nl of en-GB"),
    ("an IANA time zone such as Europe/Amsterdam", "een IANA-tijdzone zoals Europe/Amsterdam"),
    ("control characters", "stuurtekens"),
    ("after startsAt", "na startsAt"),
    ("not before startDate", "niet voor startDate"),
    ("not in the future", "niet in de toekomst"),
    ("its review date has passed", "de herzieningsdatum is voorbij"),
    ("give first or last, not both", "geef first of last, niet allebei"),
    ("a typed id such as cop_…", "een id met voorvoegsel, zoals cop_…"),
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
    ("an active organisation other than the host", "een actieve organisatie anders dan de gastheer"),
    ("only the host gives its rows keys", "alleen de gastheer geeft zijn rijen sleutels"),
    ("goals of the same CoP", "doelen van dezelfde CoP"),
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
    ("an organisation that you know to have to do with the CoP", "een organisatie waarvan je weet dat die met de CoP te maken heeft"),
    ("a person of the own organisation, unless you host the CoP", "een persoon van de eigen organisatie, tenzij je gastheer van de CoP bent"),
    // States.
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
    ("apply for somebody of another organisation", "iemand van een andere organisatie aanmelden"),
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
    ("show an artefact", "een artefact tonen"),
    ("comment on an artefact", "op een artefact reageren"),
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
    ("retire an artefact", "een artefact intrekken"),
    ("anchor an artefact", "een artefact borgen"),
    ("write in a CoP that you do not take part in", "schrijven in een CoP waaraan je niet meedoet"),
    ("add a person", "een persoon toevoegen"),
    ("change a person", "een persoon wijzigen"),
    ("let a person leave", "een persoon laten vertrekken"),
    ("act for a person", "namens een persoon handelen"),
    ("describe a theme", "een thema beschrijven"),
    ("change a theme", "een thema wijzigen"),
    ("describe a concept", "een concept beschrijven"),
    ("change a concept", "een concept wijzigen"),
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
    ("revoke a token", "een token intrekken"),
    ("rotate a token", "een token vernieuwen"),
    ("revoke a token of another kind", "een token van een andere soort intrekken"),
    ("rotate a token of another kind", "een token van een andere soort vernieuwen"),
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
            include_str!("artefact/comment.rs"),
            include_str!("artefact/content.rs"),
            include_str!("artefact/mod.rs"),
            include_str!("concept.rs"),
            include_str!("exchange.rs"),
            include_str!("organisation.rs"),
            include_str!("person.rs"),
            include_str!("project.rs"),
            include_str!("publication/approval.rs"),
            include_str!("publication/mod.rs"),
            include_str!("session/agenda.rs"),
            include_str!("session/expert.rs"),
            include_str!("session/mod.rs"),
            include_str!("session/registration.rs"),
            include_str!("theme.rs"),
            include_str!("cop/charter.rs"),
            include_str!("cop/facilitation.rs"),
            include_str!("cop/membership.rs"),
            include_str!("cop/mod.rs"),
            include_str!("cop/participation.rs"),
        ];
        let mut found = 0;
        for source in sources {
            let calls =
                ["policy::owner(scope, \"", "by_authors(scope, \"", "None, \"", "version, \"", "let action = \""];
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
    fn a_message_is_in_one_language() {
        let problem = Problem::new(Code::InvalidValue, "email", "an e-mail address");
        assert_eq!(problem.message(Language::Nl), "Niet geldig: een e-mailadres");
        assert_eq!(problem.message(Language::En), "Not valid: an e-mail address");
        assert_eq!(Problem::new(Code::TooLong, "title", "200").message(Language::Nl), "Hoogstens 200 tekens.");
    }
}
