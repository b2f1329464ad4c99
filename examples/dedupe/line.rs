//! One line of JSON lines: the wanted fields, into memory that is used again for the next line.

use std::fmt::{self, Write};

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::args::Args;

/// The names of the fields: id, text, title, date, source. What is not needed is read all the
/// same, so that the output that is asked for does not decide which lines are articles.
#[derive(Clone, Debug)]
pub struct Fields([String; 5]);

impl Fields {
    pub fn new(args: &Args) -> Self {
        let names = [
            &args.id_field,
            &args.text_field,
            &args.title_field,
            &args.date_field,
            &args.source_field,
        ];
        Self(names.map(Clone::clone))
    }
}

/// What a line says beside the text; empty is what it does not say.
#[derive(Debug, Default)]
pub struct Line {
    pub id: Value,
    title: Value,
    pub date: Value,
    pub source: Value,
}

/// Reads a line, whose text is added to `texts`, under its headline; or says why it is no article.
/// False for an empty line.
pub fn parse(
    bytes: &[u8],
    fields: &Fields,
    line: &mut Line,
    texts: &mut String,
) -> Result<bool, String> {
    let json = std::str::from_utf8(bytes).map_err(|error| not_utf8(&error))?;
    let json = json.trim_ascii();
    if json.is_empty() {
        return Ok(false);
    }
    let start = texts.len();
    let result = read(json, fields, line, texts);
    if result.is_err() {
        texts.truncate(start);
    }
    result.map(|()| true)
}

fn read(json: &str, fields: &Fields, line: &mut Line, texts: &mut String) -> Result<(), String> {
    let start = texts.len();
    for value in [&mut line.id, &mut line.title, &mut line.date, &mut line.source] {
        value.clear();
    }
    let mut kind = Kind::Missing;
    let values = Values { fields, line, texts: &mut *texts, start, kind: &mut kind };
    let mut parser = serde_json::Deserializer::from_str(json);
    values
        .deserialize(&mut parser)
        .and_then(|()| parser.end())
        .map_err(|error| in_words(&error))?;
    let name = &fields.0[1];
    match kind {
        Kind::Text => {}
        Kind::Number => return Err(format!("field `{name}` is a number")),
        Kind::Other(what) => return Err(format!("field `{name}` is {what}")),
        Kind::Missing => return Err(format!("no field `{name}`{}", fields_of(json))),
    }
    let title = line.title.as_str();
    if !title.is_empty() && !texts[start..].trim_start().starts_with(title.trim()) {
        texts.insert_str(start, "\n\n");
        texts.insert_str(start, title.trim());
    }
    Ok(())
}

pub fn not_utf8(error: &std::str::Utf8Error) -> String {
    format!("not UTF-8 (byte {})", error.valid_up_to() + 1)
}

/// The message of the JSON parser, without its line number, which is always 1.
fn in_words(error: &serde_json::Error) -> String {
    if error.is_data() {
        return "not a JSON object".to_owned();
    }
    let message = error.to_string();
    let message = message.rsplit_once(" at line ").map_or(&*message, |(message, _)| message);
    format!("not JSON: {message} (column {})", error.column())
}

/// The names of a line's fields, for somebody who has to find the right one.
fn fields_of(line: &str) -> String {
    let object: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(line).unwrap_or_default();
    let mut names: Vec<&str> = object.keys().map(String::as_str).collect();
    if names.is_empty() {
        return String::new();
    }
    if names.len() > 10 {
        names.truncate(10);
        names.push("…");
    }
    format!(" (there are: {})", names.join(", "))
}

/// What sort of value a field has.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Missing,
    Text,
    Number,
    /// Anything else, in words.
    Other(&'static str),
}

/// A text or a number, as text; empty if it is neither.
#[derive(Debug, Default)]
pub struct Value(String);

impl Value {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn clear(&mut self) {
        self.0.clear();
        // One freak title does not stay.
        self.0.shrink_to(1 << 16);
    }
}

/// Where the values of a line go.
struct Values<'v> {
    fields: &'v Fields,
    line: &'v mut Line,
    texts: &'v mut String,
    /// Where the text of this line starts.
    start: usize,
    kind: &'v mut Kind,
}

impl<'l> DeserializeSeed<'l> for Values<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'l>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'l> Visitor<'l> for Values<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    /// The last one of repeated fields counts, and one field may serve several purposes.
    fn visit_map<M: MapAccess<'l>>(mut self, mut map: M) -> Result<(), M::Error> {
        while let Some(wanted) = map.next_key_seed(Key(self.fields))? {
            if wanted == [false; 5] {
                map.next_value::<IgnoredAny>()?;
            } else {
                map.next_value_seed(AnyValue { values: &mut self, wanted })?;
            }
        }
        Ok(())
    }
}

/// Which of the fields a key names.
struct Key<'f>(&'f Fields);

impl<'l> DeserializeSeed<'l> for Key<'_> {
    type Value = [bool; 5];

    fn deserialize<D: Deserializer<'l>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = [bool; 5];

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field name")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Self::Value, E> {
        Ok(self.0.0.each_ref().map(|name| name == key))
    }
}

/// The value of a field that serves some purposes.
struct AnyValue<'s, 'v> {
    values: &'s mut Values<'v>,
    wanted: [bool; 5],
}

impl AnyValue<'_, '_> {
    /// Puts the value where it is wanted, instead of what is there.
    fn put(self, kind: Kind, value: impl fmt::Display + Copy) {
        let Values { line, texts, start, kind: text, .. } = self.values;
        let [id, is_text, title, date, source] = self.wanted;
        if is_text {
            **text = kind;
            texts.truncate(*start);
            if matches!(kind, Kind::Text) {
                append(texts, value);
            }
        }
        let short = [&mut line.id, &mut line.title, &mut line.date, &mut line.source];
        for (slot, _) in short.into_iter().zip([id, title, date, source]).filter(|(_, put)| *put) {
            slot.clear();
            append(&mut slot.0, value);
        }
    }
}

fn append(to: &mut String, value: impl fmt::Display) {
    // A String takes anything.
    let _ = write!(to, "{value}");
}

impl<'l> DeserializeSeed<'l> for AnyValue<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'l>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'l> Visitor<'l> for AnyValue<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        self.put(Kind::Text, text);
        Ok(())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<(), E> {
        self.put(Kind::Number, number);
        Ok(())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<(), E> {
        self.put(Kind::Number, number);
        Ok(())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<(), E> {
        self.put(Kind::Number, number);
        Ok(())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        self.put(Kind::Other("true or false"), "");
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.put(Kind::Other("null"), "");
        Ok(())
    }

    fn visit_seq<S: SeqAccess<'l>>(self, mut items: S) -> Result<(), S::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        self.put(Kind::Other("an array"), "");
        Ok(())
    }

    fn visit_map<M: MapAccess<'l>>(self, mut map: M) -> Result<(), M::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        self.put(Kind::Other("an object"), "");
        Ok(())
    }
}
