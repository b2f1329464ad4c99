//! The words that a shape alone can't tell, all of them in this file: lower case and sorted where
//! they are looked up, so that a language is added by adding words.

use super::scan::Table;
use super::NewsLineKind::{self, Byline, Copyright, Credit, ReadMore, Stamp};

/// Months and their abbreviations.
pub(super) static MONTHS: Table = Table::new(&[
    "abr", "abril", "ag", "ago", "agosto", "août", "apr", "april", "aprile", "aug", "august",
    "augustus", "avr", "avril", "dec", "december", "dez", "dezember", "dezembro", "dic",
    "dicembre", "diciembre", "déc", "décembre", "ene", "enero", "feb", "febbraio", "febr",
    "febrero", "februar", "februari", "february", "fev", "fevereiro", "fév", "févr", "février",
    "gen", "gennaio", "giu", "giugno", "jan", "janeiro", "januar", "januari", "january", "janv",
    "janvier", "juil", "juillet", "juin", "jul", "julho", "juli", "julio", "july", "jun", "june",
    "junho", "juni", "junio", "jänner", "lug", "luglio", "maart", "mag", "maggio", "mai", "maio",
    "mar", "march", "mars", "marzo", "março", "may", "mayo", "mei", "märz", "nov", "november",
    "novembre", "novembro", "noviembre", "oct", "october", "octobre", "octubre", "okt", "oktober",
    "ott", "ottobre", "out", "outubro", "sep", "sept", "september", "septembre", "septiembre",
    "set", "setembro", "settembre",
]);

/// Days of the week and their abbreviations.
pub(super) static WEEKDAYS: Table = Table::new(&[
    "dienstag", "dimanche", "domenica", "domingo", "donnerstag", "fr", "freitag", "fri", "friday",
    "giovedì", "jeudi", "jueves", "lundi", "lunedì", "lunes", "mardi", "martedì", "martes",
    "mercoledì", "mercredi", "mittwoch", "miércoles", "mon", "monday", "montag", "sabato",
    "samedi", "samstag", "sat", "saturday", "sonnabend", "sonntag", "sun", "sunday", "sábado",
    "thu", "thur", "thurs", "thursday", "tue", "tues", "tuesday", "vendredi", "venerdì", "viernes",
    "wed", "wednesday",
]);

/// What else stands in a date or a time of day.
pub(super) static CLOCK: Table = Table::new(&[
    "a", "a.m", "a.m.", "am", "at", "bst", "cdt", "cest", "cet", "cst", "das", "de", "del", "den",
    "der", "du", "eat", "edt", "el", "est", "et", "gmt", "h", "hkt", "hours", "hrs", "ist", "jst",
    "las", "le", "les", "mdt", "mst", "of", "on", "p.m", "p.m.", "pdt", "pm", "pst", "pt", "sgt",
    "the", "uhr", "um", "utc", "vom", "à",
]);

/// Words that make a line of dates and times a stamp.
pub(super) static STAMPS: Table = Table::new(&[
    "actualisé", "actualización", "actualizada", "actualizado", "aggiornato", "aktualisiert",
    "aktualisierung", "atualizado", "bijgewerkt", "created", "date", "erstellt", "first",
    "gepubliceerd", "issued", "jour", "last", "last-modified", "letzte", "maj", "mis", "mise",
    "modified", "modifié", "posted", "pubblicato", "publicada", "publicado", "published", "publié",
    "released", "stand", "update", "updated", "veröffentlicht", "última", "ྪ",
]);

/// Agencies, as they write themselves.
pub(super) static AGENCIES: Table = Table::new(&[
    "AAP", "ADN", "AFP", "AFX", "ANI", "ANP", "ANSA", "AP", "APA", "ATS", "Adnkronos", "Agencies",
    "Agenturen", "Belga", "Bloomberg", "CNN", "CP", "DPA", "EFE", "Efe", "IANS", "IPS", "IRNA",
    "ITAR-TASS", "Interfax", "JTA", "KNA", "KUNA", "Kyodo", "Lusa", "MENA", "NTB", "Notimex", "PA",
    "PTI", "REUTERS", "RIA", "Reuters", "SAPA", "SDA", "SID", "TASS", "TT", "Télam", "UPI",
    "XINHUA", "Xinhua", "Yonhap", "afp", "agências", "ap", "apa", "ats", "awp", "dapd", "ddp",
    "dpa", "dpa-AFX", "dts", "epd", "kna", "ots", "rtr", "sda", "sid",
]);

/// Words that make a name that of an agency or a paper.
pub(super) static AGENCY_WORDS: Table = Table::new(&[
    "agence", "agencia", "agency", "agentur", "agenzia", "nachrichten", "news", "newswire",
    "noticias", "prensa", "press", "presse", "pressetext", "prnewswire", "stampa", "wire",
]);

/// What the author of a piece is called.
pub(super) static ROLES: Table = Table::new(&[
    "agences", "agencias", "agencies", "agenturen", "chief", "columnist", "contributor",
    "correspondant", "correspondante", "correspondent", "correspondents", "corresponsal",
    "corrispondente", "editor", "enviado", "envoyé", "envoyée", "inviato", "korrespondent",
    "korrespondentin", "mitarbeiter", "redacción", "redaktion", "redaktionsmitglied", "redazione",
    "reporter", "reporters", "rédaction", "staff", "writer", "writers",
]);

/// Small words within a name.
pub(super) static PARTICLES: Table = Table::new(&[
    "al", "am", "an", "ap", "auf", "bin", "d'", "da", "das", "de", "del", "della", "den", "der",
    "des", "di", "do", "dos", "du", "e", "el", "im", "in", "la", "las", "le", "les", "los", "na",
    "ob", "of", "on", "over", "sous", "sul", "sur", "ten", "ter", "the", "upon", "van", "vom",
    "von", "y", "zu", "zum", "zur",
]);

/// Small words within a person's name.
pub(super) static NAME_PARTICLES: Table = Table::new(&[
    "al", "bin", "da", "de", "del", "della", "den", "der", "di", "do", "dos", "du", "el", "ibn",
    "la", "le", "ten", "ter", "van", "vom", "von", "y", "zu",
]);

/// Between two names.
pub(super) static AND: Table = Table::new(&[
    "and", "con", "e", "en", "et", "mit", "och", "og", "und", "with", "y",
]);

/// After a name, before a place or a paper.
pub(super) static AFTER_NAME: Table = Table::new(&[
    "at", "aus", "de", "del", "desde", "du", "en", "for", "from", "für", "im", "in", "of", "para",
    "pour", "the", "to", "à",
]);

/// What a byline begins with, and whether it may stand on the first line.
pub(super) const BY: &[(&str, bool)] = &[
    ("af", false), ("av", false), ("by", true), ("de", false), ("di", false), ("door", false),
    ("from", false), ("par", true), ("por", true), ("von", false),
];

/// Capitalised words that begin no name.
pub(super) static NOT_NAMES: Table = Table::new(&[
    "a", "accident", "all", "an", "any", "ce", "cette", "day", "dem", "den", "der", "design",
    "diesem", "each", "ejemplo", "el", "esta", "este", "every", "executive", "exemple", "far",
    "favor", "fin", "george", "her", "his", "its", "la", "land", "las", "law", "le", "les", "los",
    "my", "night", "no", "now", "one", "order", "our", "popular", "royal", "six", "some", "su",
    "that", "the", "their", "then", "these", "this", "those", "three", "two", "unanimous", "way",
    "what", "when", "word", "your",
]);

/// In capitals before a dash, and yet no place.
pub(super) static NOT_PLACES: Table = Table::new(&[
    "alert", "analyse", "analysis", "análisis", "aviso", "background", "bericht", "breaking",
    "business", "cita", "comment", "commentary", "contact", "correction", "death", "developing",
    "editor's", "editorial", "editors", "eil", "eilmeldung", "entretien", "entrevista", "exclusif",
    "exclusiva", "exclusive", "exklusiv", "explainer", "facts", "feature", "glance", "health",
    "hintergrund", "important", "interview", "kommentar", "letter", "live", "media", "money",
    "news", "note", "notice", "obituary", "official", "oped", "opinion", "opinión", "photos",
    "podcast", "politics", "portrait", "press", "profile", "question", "quote", "release",
    "reportage", "review", "science", "sport", "sports", "statement", "summary", "tech", "think",
    "tribune", "update", "updated", "urgent", "urgente", "verdict", "video", "vidéo", "warning",
    "watch", "weather", "última", "ྪltima",
]);

/// In capitals, a word of a headline and not of a place.
pub(super) static HEADLINE_WORDS: Table = Table::new(&[
    "after", "against", "and", "are", "as", "at", "by", "con", "contra", "dans", "der", "die",
    "et", "for", "from", "für", "gegen", "has", "in", "is", "mit", "nach", "not", "or", "para",
    "por", "pour", "sen", "senator", "senators", "sens", "that", "to", "und", "under", "with",
]);

/// Cities that papers put before a dash without capitals.
pub(super) static CITIES: Table = Table::new(&[
    "amsterdam", "ankara", "athen", "athens", "bagdad", "baghdad", "barcelona", "beijing",
    "berlin", "bern", "bogotá", "bonn", "bruselas", "brussels", "bruxelles", "brüssel",
    "buenos aires", "cairo", "canberra", "caracas", "delhi", "dublin", "düsseldorf", "frankfurt",
    "geneva", "genf", "hamburg", "hong kong", "islamabad", "istanbul", "jerusalem", "kairo",
    "karlsruhe", "kiev", "kiew", "kyiv", "köln", "la habana", "lima", "lisbon", "london",
    "londres", "los angeles", "madrid", "mexico city", "moscou", "moscow", "moscú", "moskau",
    "mumbai", "münchen", "nairobi", "new delhi", "new york", "oslo", "ottawa", "paris", "peking",
    "prague", "rio de janeiro", "rom", "roma", "rome", "santiago", "seoul", "stockholm",
    "strasbourg", "straßburg", "stuttgart", "sydney", "tehran", "tel aviv", "tokio", "tokyo",
    "toronto", "vienna", "warsaw", "warschau", "washington", "wien", "zürich",
]);

/// States as they stand after a place.
pub(super) static REGIONS: Table = Table::new(&[
    "ala.", "alta.", "ariz.", "ark.", "b.c.", "calif.", "colo.", "conn.", "d.c.", "dc", "del.",
    "fla.", "ga.", "ill.", "ind.", "kan.", "kans.", "ky.", "la.", "man.", "mass.", "md.", "mich.",
    "minn.", "miss.", "mo.", "mont.", "n.b.", "n.c.", "n.d.", "n.h.", "n.j.", "n.m.", "n.s.",
    "n.y.", "neb.", "nev.", "okla.", "ont.", "ore.", "pa.", "que.", "r.i.", "s.c.", "s.d.",
    "sask.", "tenn.", "tex.", "u.k.", "u.s.", "va.", "vt.", "w.va.", "wash.", "wis.", "wyo.",
]);

/// What follows a phrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum After {
    /// Nothing but punctuation.
    End,
    /// A colon or the like, and anything; or nothing.
    Label,
    /// Anything.
    Rest,
}

use After::{End, Label, Rest};

/// What a line begins with, what kind of line it is then, and what may follow. Lower case, by
/// first byte.
pub(super) const OPENINGS: &[(&str, NewsLineKind, After)] = &[
    ("actualizado", Stamp, Label),
    ("agencias", Credit, End),
    ("all rights reserved", Copyright, Label),
    ("alle rechte vorbehalten", Copyright, Label),
    ("also read", ReadMore, Label),
    ("article continues below", ReadMore, End),
    ("associated press", Credit, End),
    ("associated press writer", Byline, End),
    ("auch interessant", ReadMore, Label),
    ("auteur", Byline, Label),
    ("autor", Byline, Label),
    ("avec afp", Credit, End),
    ("bild", Credit, Label),
    ("click here for more", ReadMore, Rest),
    ("click here to read", ReadMore, Rest),
    ("con información de", Credit, Rest),
    ("con la colaboración de", Credit, Rest),
    ("continue reading", ReadMore, Rest),
    ("continuer la lecture", ReadMore, Rest),
    ("crédit photo", Credit, Label),
    ("das könnte sie auch interessieren", ReadMore, Label),
    ("derechos reservados", Copyright, Rest),
    ("end of story", ReadMore, End),
    ("folgen sie uns auf", ReadMore, Rest),
    ("follow us on", ReadMore, Rest),
    ("foto", Credit, Label),
    ("fuente", Credit, Label),
    ("image credit", Credit, Label),
    ("image credits", Credit, Label),
    ("keep reading", ReadMore, End),
    ("keep readingshow less", ReadMore, End),
    ("lea más", ReadMore, Label),
    ("lea también", ReadMore, Label),
    ("lee más", ReadMore, Label),
    ("lee también", ReadMore, Label),
    ("leer más", ReadMore, Label),
    ("leer también", ReadMore, Label),
    ("lees ook", ReadMore, Label),
    ("leggi anche", ReadMore, Label),
    ("leia mais", ReadMore, Label),
    ("leia também", ReadMore, Label),
    ("lesen sie auch", ReadMore, Label),
    ("lesen sie dazu", ReadMore, Label),
    ("lesen sie hier", ReadMore, Label),
    ("lesen sie mehr", ReadMore, Label),
    ("lire aussi", ReadMore, Label),
    ("lire la suite", ReadMore, Label),
    ("lire également", ReadMore, Label),
    ("mehr dazu", ReadMore, Label),
    ("mehr lesen", ReadMore, Label),
    ("mehr zum thema", ReadMore, Label),
    ("mise à jour", Stamp, Label),
    ("mit agenturmaterial", Credit, Rest),
    ("mit material von", Credit, Rest),
    ("more on this story", ReadMore, Label),
    ("nutzungsrechte", Copyright, Label),
    ("para leer más", ReadMore, Label),
    ("photo", Credit, Label),
    ("photo credit", Credit, Label),
    ("please follow us on", ReadMore, Rest),
    ("quelle", Credit, Label),
    ("read also", ReadMore, Label),
    ("read more", ReadMore, Label),
    ("read more about", ReadMore, Rest),
    ("read more at", ReadMore, Rest),
    ("read more from", ReadMore, Rest),
    ("read next", ReadMore, Label),
    ("read the full story", ReadMore, Rest),
    ("read the original article", ReadMore, Rest),
    ("related", ReadMore, Label),
    ("related articles", ReadMore, End),
    ("related coverage", ReadMore, End),
    ("related stories", ReadMore, End),
    ("scroll to continue", ReadMore, End),
    ("see also", ReadMore, Label),
    ("siga leyendo", ReadMore, Label),
    ("sigue leyendo", ReadMore, Label),
    ("source", Credit, Label),
    ("special to the", Byline, Rest),
    ("staff writer", Byline, End),
    ("staff writers", Byline, End),
    ("story continues below", ReadMore, Rest),
    ("suivez-nous sur", ReadMore, Rest),
    ("síguenos en", ReadMore, Rest),
    ("te puede interesar", ReadMore, Label),
    ("texte", Byline, Label),
    ("this material may not be published", Copyright, Rest),
    ("todos los derechos reservados", Copyright, Rest),
    ("top image credit", Credit, Label),
    ("tous droits réservés", Copyright, Rest),
    ("volgens", Credit, Label),
    ("weiterlesen", ReadMore, Rest),
    ("you may also like", ReadMore, Label),
    ("zum thema", ReadMore, Label),
    ("à lire aussi", ReadMore, Label),
    ("à lire également", ReadMore, Label),
];

/// What stands within a credit at the foot, and where its `b` is.
pub(super) const CREDIT_PHRASES: &[(&str, usize)] = &[
    ("beigetragen", 0),
    ("contribué à cet article", 6),
    ("contribué à ce reportage", 6),
    ("contributed reporting", 6),
    ("contributed to this article", 6),
    ("contributed to this report", 6),
    ("contributed to this story", 6),
    ("contribuyeron a este", 6),
    ("contribuyó a este", 6),
    ("contribuyó con esta", 6),
];

/// What a line ends with that claims rights.
pub(super) const RIGHTS: &[&str] = &[
    "all rights reserved", "alle rechte vorbehalten", "derechos reservados", "droits réservés",
    "reproduction interdite", "tutti i diritti riservati",
];
