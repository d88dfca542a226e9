//! A form, and how it is shown.

use maud::{Markup, html};
use snap_port::{PhoneNumber, PortRequestId, Zone};

use super::super::body::in_path;

/// One form.
pub(super) struct Sheet {
    title: &'static str,
    /// The part of the path that takes it.
    act: &'static str,
    /// What it states, if it is a statement.
    what: Option<&'static str>,
    inputs: Vec<Input>,
}

struct Input {
    name: &'static str,
    label: String,
    needed: bool,
    kind: Kind,
}

/// What a field takes.
pub(super) enum Kind {
    Line,
    Lines(String),
    Time,
    Whole(u32),
    Pick(Vec<(String, String)>),
    Hidden(String),
}

/// Where the forms go, and what they show.
pub(super) struct Ground<'a> {
    pub(super) id: &'a PortRequestId,
    pub(super) form_key: &'a str,
    pub(super) zone: &'a Zone,
}

impl Sheet {
    pub(super) fn new(title: &'static str, act: &'static str) -> Self {
        Self {
            title,
            act,
            what: None,
            inputs: Vec::new(),
        }
    }

    /// A statement, with when it occurred.
    pub(super) fn says(title: &'static str, what: &'static str) -> Self {
        Self {
            what: Some(what),
            ..Self::new(title, "statements")
        }
    }

    pub(super) fn with(
        mut self,
        name: &'static str,
        label: &str,
        needed: bool,
        kind: Kind,
    ) -> Self {
        self.inputs.push(Input {
            name,
            label: label.to_owned(),
            needed,
            kind,
        });
        self
    }

    pub(super) fn line(self, name: &'static str, label: &str) -> Self {
        self.with(name, label, true, Kind::Line)
    }

    pub(super) fn maybe(self, name: &'static str, label: &str) -> Self {
        self.with(name, label, false, Kind::Line)
    }

    pub(super) fn lines(self, name: &'static str, label: &str) -> Self {
        self.with(name, label, true, Kind::Lines(String::new()))
    }

    pub(super) fn numbers(self, label: &str) -> Self {
        self.with("numbers", label, false, Kind::Lines(String::new()))
    }

    pub(super) fn pick(
        self,
        name: &'static str,
        label: &str,
        options: Vec<(String, String)>,
    ) -> Self {
        self.with(name, label, true, Kind::Pick(options))
    }

    pub(super) fn slot(self) -> Self {
        self.with("begins", "Begins", true, Kind::Time).with(
            "minutes",
            "Minutes it takes",
            true,
            Kind::Whole(60),
        )
    }

    pub(super) fn show(&self, ground: &Ground<'_>) -> Markup {
        let dated = self.what.is_some() && !matches!(self.what, Some("alert_explained"));
        html! {
            details.act {
                summary { (self.title) }
                form method="post" action=(format!("/ports/{}/{}", in_path(ground.id.as_str()), self.act)) {
                    input type="hidden" name="form_key" value=(ground.form_key);
                    @if let Some(what) = self.what {
                        input type="hidden" name="what" value=(what);
                    }
                    @for input in &self.inputs { (input.show(ground.zone)) }
                    @if dated {
                        label {
                            "When it happened, " (ground.zone.name()) " (left blank: now)"
                            input type="datetime-local" name="at";
                        }
                    }
                    button type="submit" { (self.title) }
                }
            }
        }
    }
}

impl Input {
    fn show(&self, zone: &Zone) -> Markup {
        let (name, label) = (self.name, &self.label);
        html! {
            @match &self.kind {
                Kind::Hidden(value) => input type="hidden" name=(name) value=(value);,
                Kind::Line => label {
                    (label) @if !self.needed { " (may be left blank)" }
                    input type="text" name=(name) required[self.needed] autocomplete="off" dir="auto";
                },
                Kind::Lines(value) => label {
                    (label)
                    textarea name=(name) rows="3" required[self.needed] dir="auto" { (value) }
                },
                Kind::Time => label {
                    (label) ", " (zone.name())
                    input type="datetime-local" name=(name) required[self.needed];
                },
                Kind::Whole(value) => label {
                    (label)
                    input type="number" name=(name) min="1" value=(value) required[self.needed];
                },
                Kind::Pick(options) => label {
                    (label)
                    select name=(name) required[self.needed] {
                        @for (value, shown) in options { option value=(value) { (shown) } }
                    }
                },
            }
        }
    }
}

/// A button that needs no more words.
pub(super) fn button(ground: &Ground<'_>, act: &str, title: &str) -> Markup {
    html! {
        form.button method="post" action=(format!("/ports/{}/{act}", in_path(ground.id.as_str()))) {
            input type="hidden" name="form_key" value=(ground.form_key);
            button type="submit" { (title) }
        }
    }
}

/// A number with a link to be called from nowhere: text alone.
pub(super) fn number(number: PhoneNumber) -> Markup {
    html! { span.number { (number) } }
}
