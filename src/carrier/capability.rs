use std::fmt;

/// A step of a port that a carrier integration may or may not do itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Step {
    /// Taking the submission.
    Submit,
    /// Saying whether the release is approved.
    Release,
    /// Agreeing or setting a slot.
    Schedule,
    /// Saying which numbers arrived.
    Arrival,
    /// Cancelling.
    Cancel,
    /// Assigning and configuring numbers.
    Assign,
    /// Putting numbers into the messaging service.
    Messaging,
    /// Saying where a registration stands.
    Registration,
    /// Testing voice.
    VoiceTest,
    /// Testing SMS.
    SmsTest,
    /// Reading the error log.
    Alerts,
}

impl Step {
    /// All of them, in the order of a port.
    pub const ALL: [Self; 11] = [
        Self::Submit,
        Self::Release,
        Self::Schedule,
        Self::Arrival,
        Self::Cancel,
        Self::Assign,
        Self::Messaging,
        Self::Registration,
        Self::VoiceTest,
        Self::SmsTest,
        Self::Alerts,
    ];
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Submit => "submission",
            Self::Release => "release approval",
            Self::Schedule => "scheduling",
            Self::Arrival => "arrival",
            Self::Cancel => "cancellation",
            Self::Assign => "assignment",
            Self::Messaging => "joining the messaging service",
            Self::Registration => "registration",
            Self::VoiceTest => "voice tests",
            Self::SmsTest => "SMS tests",
            Self::Alerts => "alerts",
        })
    }
}

/// Who does a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Means {
    /// The carrier's API; a person's statement does not count.
    Api,
    /// People: a permitted person's statement counts. What an API does not do, people do.
    #[default]
    Human,
    /// Either: the API says it, or a person does. A statement then counts also while a call is under
    /// way: that a submission was not filed, whose answer comes later, makes its order a
    /// [stray one](crate::StrayOrder).
    ApiOrHuman,
}

/// What a carrier integration does itself, and which steps are human.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capabilities([Means; Step::ALL.len()]);

impl Default for Capabilities {
    /// What the three required methods imply: submission, release, schedule and arrival by API, the
    /// rest by people.
    fn default() -> Self {
        Self::manual()
            .with(Step::Submit, Means::Api)
            .with(Step::Release, Means::Api)
            .with(Step::Schedule, Means::Api)
            .with(Step::Arrival, Means::Api)
    }
}

impl Capabilities {
    /// Every step by people.
    pub fn manual() -> Self {
        Self::all(Means::Human)
    }

    /// Every step by `means`.
    pub fn all(means: Means) -> Self {
        Self([means; Step::ALL.len()])
    }

    /// The same, with `step` by `means`.
    #[must_use]
    pub fn with(mut self, step: Step, means: Means) -> Self {
        for (slot, of) in self.0.iter_mut().zip(Step::ALL) {
            if of == step {
                *slot = means;
            }
        }
        self
    }

    /// Who does `step`.
    pub fn means(&self, step: Step) -> Means {
        self.0
            .iter()
            .zip(Step::ALL)
            .find_map(|(means, of)| (of == step).then_some(*means))
            .unwrap_or_default()
    }

    /// Whether the API does `step`.
    pub fn by_api(&self, step: Step) -> bool {
        matches!(self.means(step), Means::Api | Means::ApiOrHuman)
    }

    /// Whether a person's statement counts for `step`.
    pub fn by_people(&self, step: Step) -> bool {
        matches!(self.means(step), Means::Human | Means::ApiOrHuman)
    }
}
