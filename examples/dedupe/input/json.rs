//! One line of JSON lines: the wanted fields, into memory that is used again for the next line.

use std::fmt::{self, Write};

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::record::{Fields, Record, not_utf8, there_are};

/// Reads a line, whose text is added to `texts`, under its headline; or says why it is no article.
/// False for an empty line.
pub fn parse(
    bytes: &[u8],
    fields: &Fields,
    record: &mut Record,
    texts: &mut String,
) -> Result<bool, String> {
    let json = std::str::from_utf8(bytes).map_err(|error| not_utf8(&error))?;
    let json = json.trim_ascii();
    if json.is_empty() {
        return Ok(false);
    }
    let start = texts.len();
    let result = read(json, fields, record, texts);
    if result.is_err() {
        texts.truncate(start);
    }
    result.map(|()| true)
}

fn read(
    json: &str,
    fields: &Fields,
    record: &mut Record,
    texts: &mut String,
) -> Result<(), String> {
    let start = texts.len();
    record.clear();
    let mut kind = Kind::Missing;
    let values = Values { fields, record, texts: &mut *texts, start, kind: &mut kind };
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
    record.add_headline(start, texts);
    Ok(())
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
    there_are(object.keys().map(String::as_str))
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

/// Where the values of a line go.
struct Values<'v> {
    fields: &'v Fields,
    record: &'v mut Record,
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
        let Values { record, texts, start, kind: text, .. } = self.values;
        let [id, is_text, title, date, source] = self.wanted;
        if is_text {
            **text = kind;
            texts.truncate(*start);
            if matches!(kind, Kind::Text) {
                // A String takes anything.
                let _ = write!(texts, "{value}");
            }
        }
        let short = [&mut record.id, &mut record.title, &mut record.date, &mut record.source];
        for (slot, _) in short.into_iter().zip([id, title, date, source]).filter(|(_, put)| *put) {
            slot.clear();
            slot.append(value);
        }
    }
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
