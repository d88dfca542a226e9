//! A port as the people know it: what they want of it, and what the desk has told them.

use serde_json::Value;

use super::chance::Chance;

/// What becomes of a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Smooth,
    /// Support move the numbers before anybody has looked at the ticket.
    Early,
    /// One number goes on by itself once it is submitted.
    Split,
    /// The customer calls it off once it is submitted, and support never move anything.
    CalledOff,
    /// The first review sends it back.
    SentBack,
    /// The customer calls it off before it is handed in.
    Withdrawn,
}

impl Fate {
    fn draw(chance: &mut Chance) -> Self {
        match chance.below(20) {
            0..=1 => Self::Early,
            2..=4 => Self::Split,
            5 => Self::CalledOff,
            6 => Self::SentBack,
            7 => Self::Withdrawn,
            _ => Self::Smooth,
        }
    }
}

#[derive(Debug)]
pub(crate) struct Port {
    pub(crate) id: String,
    /// The request whose attempts filed the ticket: this one, or the one it was split off.
    pub(crate) filed_as: String,
    /// As they were asked for; a split takes some away.
    pub(crate) numbers: Vec<String>,
    pub(crate) service: String,
    pub(crate) fate: Fate,
    /// Whether the desk has acknowledged it.
    pub(crate) started: bool,
    /// Whether the customer's wish to call it off was acknowledged.
    pub(crate) called_off: bool,
    /// Whether its split was acknowledged, or seen.
    pub(crate) was_split: bool,
    /// How long a history the desk has acknowledged.
    pub(crate) acknowledged: usize,
    /// How often support was looked at and had nothing of it.
    pub(crate) absent: u32,
    /// How often all tests were made but a registration is not told.
    pub(crate) unheard: u32,
    pub(crate) ended: bool,
    /// What the desk showed last, for a test that fails.
    pub(crate) last: String,
}

impl Port {
    /// The `nth` port, of numbers from the `from`th on.
    pub(crate) fn draw(nth: usize, from: usize, chance: &mut Chance) -> Self {
        let fate = Fate::draw(chance);
        let count = match fate {
            Fate::Split => 2,
            _ => 1 + usize::from(chance.below(4) == 0),
        };
        let id = format!("port-{nth}");
        Self {
            filed_as: id.clone(),
            numbers: (from..from + count).map(super::twilio::number).collect(),
            service: super::twilio::service(from),
            fate,
            started: false,
            called_off: false,
            was_split: false,
            acknowledged: 0,
            absent: 0,
            unheard: 0,
            ended: false,
            last: String::new(),
            id,
        }
    }

    /// The part that was split off.
    pub(crate) fn split_off(&mut self) -> Self {
        let numbers = self.numbers.split_off(1);
        self.was_split = true;
        Self {
            id: self.part(),
            filed_as: self.id.clone(),
            numbers,
            service: self.service.clone(),
            fate: Fate::Smooth,
            started: true,
            called_off: false,
            was_split: false,
            acknowledged: 0,
            absent: 0,
            unheard: 0,
            ended: false,
            last: String::new(),
        }
    }

    /// The name of the part to be split off.
    pub(crate) fn part(&self) -> String {
        format!("{}-part", self.id)
    }

    /// Takes note of what the desk has answered.
    pub(crate) fn heard(&mut self, shown: &Value) {
        let entries = shown["entries"]
            .as_u64()
            .and_then(|n| usize::try_from(n).ok());
        self.acknowledged = self.acknowledged.max(entries.unwrap_or(0));
        let state = shown["state"].as_str().unwrap_or_default();
        self.ended = matches!(state, "verified" | "cancelled");
        self.last = format!("{state}, {}: {}", shown["phase"], shown["waiting"]);
    }
}
