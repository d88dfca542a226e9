//! JSON and HTML forms, read into the crate's types: every problem at once, and none of them says
//! what the field holds unless the crate's own error does.

pub(crate) mod package;
pub(crate) mod said;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt::Display;

use chrono::{DateTime, NaiveDateTime, Utc};
use serde::Serialize;
use serde_json::{Map, Value};
use snap_port::{Actor, ListError, NumberList, Region, Role, Zone};

/// So many characters a text has at most: more than anybody writes, and few enough to be kept in a
/// record and shown whole. Number lists are not bound by it.
pub(crate) const LONGEST: usize = 10_000;

/// What is wrong with a field, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// Which, such as `letter.signed_on`; empty if it is the whole.
    pub(crate) field: String,
    pub(crate) why: String,
}

/// Everything that is wrong with a form.
#[derive(Debug, Default)]
pub(crate) struct Problems(RefCell<Vec<Problem>>);

impl Problems {
    pub(crate) fn add(&self, field: impl Into<String>, why: impl Display) {
        self.0.borrow_mut().push(Problem {
            field: field.into(),
            why: why.to_string(),
        });
    }

    /// What was read, if nothing is wrong. What is missing without a problem counts as wrong.
    pub(crate) fn or<T>(self, read: Option<T>) -> Result<T, Vec<Problem>> {
        let mut problems = self.0.into_inner();
        problems.dedup();
        match read {
            Some(read) if problems.is_empty() => Ok(read),
            Some(_) => Err(problems),
            None if problems.is_empty() => Err(vec![Problem {
                field: String::new(),
                why: "something is missing".to_owned(),
            }]),
            None => Err(problems),
        }
    }
}

/// A JSON object that is being read. A field that is blank counts as left out, as in an HTML form.
pub(crate) struct Fields<'a> {
    of: &'a Map<String, Value>,
    path: String,
    problems: &'a Problems,
    known: RefCell<BTreeSet<&'static str>>,
}

impl<'a> Fields<'a> {
    pub(crate) fn new(of: &'a Map<String, Value>, problems: &'a Problems) -> Self {
        Self::at(String::new(), of, problems)
    }

    fn at(path: String, of: &'a Map<String, Value>, problems: &'a Problems) -> Self {
        Self {
            of,
            path,
            problems,
            known: RefCell::default(),
        }
    }

    fn path(&self, name: &str) -> String {
        match self.path.as_str() {
            "" => name.to_owned(),
            path => format!("{path}.{name}"),
        }
    }

    pub(crate) fn fail(&self, name: &str, why: impl Display) {
        self.problems.add(self.path(name), why);
    }

    /// What the field holds; nothing if it is left out, null or blank.
    pub(crate) fn value(&self, name: &'static str) -> Option<&'a Value> {
        self.known.borrow_mut().insert(name);
        self.of.get(name).filter(|value| match value {
            Value::Null => false,
            Value::String(text) => !text.trim().is_empty(),
            _ => true,
        })
    }

    /// Whether the field says null: take it out.
    pub(crate) fn is_null(&self, name: &'static str) -> bool {
        self.known.borrow_mut().insert(name);
        self.of.get(name) == Some(&Value::Null)
    }

    /// A text, if it is not longer than [`LONGEST`].
    pub(crate) fn text(&self, name: &'static str) -> Option<&'a str> {
        match self.value(name)?.as_str() {
            None => self.fail(name, "this must be text"),
            Some(text) if text.chars().nth(LONGEST).is_some() => {
                let why = format!("this may have {LONGEST} characters at most");
                self.fail(name, why);
            }
            text => return text,
        }
        None
    }

    /// The field, read by `parse`.
    pub(crate) fn read<T, E: Display>(
        &self,
        name: &'static str,
        parse: impl FnOnce(&'a str) -> Result<T, E>,
    ) -> Option<T> {
        match parse(self.text(name)?) {
            Ok(read) => Some(read),
            Err(why) => {
                self.fail(name, why);
                None
            }
        }
    }

    /// As [`read`](Self::read); it is a problem if the field is left out.
    pub(crate) fn needed<T, E: Display>(
        &self,
        name: &'static str,
        parse: impl FnOnce(&'a str) -> Result<T, E>,
    ) -> Option<T> {
        self.need(name)?;
        self.read(name, parse)
    }

    pub(crate) fn need(&self, name: &'static str) -> Option<&'a Value> {
        let value = self.value(name);
        if value.is_none() {
            self.fail(name, "this is missing");
        }
        value
    }

    /// A whole number, also as text.
    pub(crate) fn whole(&self, name: &'static str) -> Option<u32> {
        let value = self.value(name)?;
        let number = match value {
            Value::Number(number) => number.as_u64().and_then(|n| u32::try_from(n).ok()),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        if number.is_none() {
            self.fail(name, "this must be a whole number");
        }
        number
    }

    pub(crate) fn object(&self, name: &'static str) -> Option<Fields<'a>> {
        match self.value(name)? {
            Value::Object(of) => Some(Fields::at(self.path(name), of, self.problems)),
            _ => {
                self.fail(name, "this must be an object");
                None
            }
        }
    }

    /// A list of objects.
    pub(crate) fn objects(&self, name: &'static str) -> Option<Vec<Fields<'a>>> {
        let Some(items) = self.value(name)?.as_array() else {
            self.fail(name, "this must be a list");
            return None;
        };
        let mut read = Vec::new();
        for (place, item) in items.iter().enumerate() {
            let path = format!("{}[{place}]", self.path(name));
            match item {
                Value::Object(of) => read.push(Fields::at(path, of, self.problems)),
                _ => self.problems.add(path, "this must be an object"),
            }
        }
        Some(read)
    }

    /// Numbers: text as pasted, one a line or parted by commas, or a list of texts. Numbers without
    /// a country code are of the field `region`, if that is there.
    pub(crate) fn numbers(&self, name: &'static str) -> Option<NumberList> {
        let value = self.value(name)?;
        let region = self.read("region", Region::new);
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Array(items) => {
                let texts: Option<Vec<&str>> = items.iter().map(Value::as_str).collect();
                match texts {
                    Some(texts) => texts.join("\n"),
                    None => {
                        self.fail(name, "each number must be text, such as \"+14155550100\"");
                        return None;
                    }
                }
            }
            _ => {
                self.fail(name, "this must be text or a list of texts");
                return None;
            }
        };
        match NumberList::parse(&text, region) {
            Ok(numbers) => Some(numbers),
            Err(error) => {
                for why in lines(&error) {
                    self.fail(name, why);
                }
                None
            }
        }
    }

    /// An instant: RFC 3339, or local to the field `zone`, or else to `zone`.
    pub(crate) fn instant(&self, name: &'static str, zone: &Zone) -> Option<DateTime<Utc>> {
        let zone = self.zone(zone);
        self.read(name, |text| instant(text, &zone))
    }

    /// The field `zone`; without one, `default`.
    pub(crate) fn zone(&self, default: &Zone) -> Zone {
        let read = self.read("zone", Zone::parse);
        read.unwrap_or_else(|| default.clone())
    }

    /// One of `all`, by the name it is stored under.
    pub(crate) fn one_of<T: Serialize + Copy>(&self, name: &'static str, all: &[T]) -> Option<T> {
        self.read(name, |text| {
            let found = all.iter().find(|one| stored_name(*one) == text);
            found.copied().ok_or_else(|| {
                let names: Vec<String> = all.iter().map(stored_name).collect();
                format!("this must be one of: {}", names.join(", "))
            })
        })
    }

    /// Everything was asked for: what else is there, nobody would heed.
    pub(crate) fn close(&self) {
        let known = self.known.borrow();
        for name in self.of.keys().filter(|name| !known.contains(name.as_str())) {
            let name: String = name.chars().take(40).collect();
            self.fail(&name, "there is no such field here; leave it out");
        }
    }
}

/// The name a value is stored under.
pub(crate) fn stored_name<T: Serialize>(of: &T) -> String {
    match serde_json::to_value(of) {
        Ok(Value::String(name)) => name,
        _ => String::new(),
    }
}

/// A list's problems, one a line.
pub(crate) fn lines(error: &ListError) -> Vec<String> {
    let bad = error.lines().iter();
    let mut all: Vec<String> = bad
        .map(|bad| format!("line {} ({}): {}", bad.line(), bad.text(), bad.problem()))
        .collect();
    match error.bad_lines().saturating_sub(all.len()) {
        0 => {}
        more => all.push(format!("and {more} more lines")),
    }
    if all.is_empty() {
        all.push(error.problem().to_string());
    }
    all
}

/// An instant as RFC 3339, or as `2026-11-30T10:00` in `zone`.
pub(crate) fn instant(text: &str, zone: &Zone) -> Result<DateTime<Utc>, String> {
    let text = text.trim();
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Ok(at.with_timezone(&Utc));
    }
    let local = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"];
    let read = local
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
    read.map(|local| zone.at(local)).ok_or_else(|| {
        "this must be a time, such as 2026-11-30T15:00:00Z, or 2026-11-30T10:00 in the zone given"
            .to_owned()
    })
}

/// The roles people have.
pub(crate) const ROLES: [Role; 4] = [
    Role::Admin,
    Role::BillingAdmin,
    Role::Support,
    Role::CustomerSuccess,
];

/// Who acts: `{"name", "role"}`.
pub(crate) fn actor(fields: &Fields<'_>) -> Option<Actor> {
    fields.need("by")?;
    let by = fields.object("by")?;
    let role = by.need("role").and_then(|_| by.one_of("role", &ROLES));
    let name = by.needed("name", Ok::<_, String>);
    by.close();
    let (name, role) = (name?, role?);
    match Actor::new(name, role) {
        Ok(actor) => Some(actor),
        Err(why) => {
            by.fail("name", why);
            None
        }
    }
}
