use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::people::Actor;

/// One thing about A2P 10DLC the customer acknowledges before submission.
///
/// Exhaustive on purpose: a new point must be shown wherever the customer is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum A2pPoint {
    /// No texting before a campaign is approved.
    CampaignApproved,
    /// Texting may pause.
    TextingPauses,
    /// Settings are not moved.
    SettingsStayBehind,
    /// The old account is needed to the end.
    OldAccountStaysOpen,
}

impl A2pPoint {
    /// Every point, in the order they are shown.
    pub const ALL: [Self; 4] = [
        Self::CampaignApproved,
        Self::TextingPauses,
        Self::SettingsStayBehind,
        Self::OldAccountStaysOpen,
    ];

    /// What the customer acknowledges, as a sentence.
    pub fn text(self) -> &'static str {
        match self {
            Self::CampaignApproved => {
                "An A2P 10DLC campaign must be approved (VERIFIED) on the gaining side before the numbers send texts."
            }
            Self::TextingPauses => {
                "Texting may pause during the move, and registering the numbers can take up to 10 days."
            }
            Self::SettingsStayBehind => {
                "Opt-outs and settings do not move with the numbers; they must be carried over."
            }
            Self::OldAccountStaysOpen => {
                "The old account must stay open until the port is verified."
            }
        }
    }
}

impl fmt::Display for A2pPoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::CampaignApproved => "campaign approved before texting",
            Self::TextingPauses => "texting may pause",
            Self::SettingsStayBehind => "opt-outs and settings stay behind",
            Self::OldAccountStaysOpen => "old account stays open",
        })
    }
}

/// Somebody acknowledged one point.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Acknowledgement {
    /// What was acknowledged.
    pub point: A2pPoint,
    /// Who did.
    pub by: Actor,
    /// When, UTC.
    pub at: DateTime<Utc>,
}

/// All four A2P 10DLC acknowledgements.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Acknowledgement>")]
pub struct A2pAcknowledgements([Acknowledgement; 4]);

impl A2pAcknowledgements {
    /// Takes the first acknowledgement of each point.
    ///
    /// # Errors
    /// [`MissingAcknowledgements`] names every point nobody acknowledged.
    pub fn collect(
        given: impl IntoIterator<Item = Acknowledgement>,
    ) -> Result<Self, MissingAcknowledgements> {
        let mut first = A2pPoint::ALL.map(|point| (point, None));
        for acknowledgement in given {
            let point = acknowledgement.point;
            if let Some((_, slot)) = first.iter_mut().find(|(p, _)| *p == point) {
                slot.get_or_insert(acknowledgement);
            }
        }
        let missing = first.iter().filter(|(_, slot)| slot.is_none());
        let missing = MissingAcknowledgements(missing.map(|(point, _)| *point).collect());
        match first.map(|(_, slot)| slot) {
            [Some(a), Some(b), Some(c), Some(d)] => Ok(Self([a, b, c, d])),
            _ => Err(missing),
        }
    }

    /// All points acknowledged by one person at one time (UTC), as on a form with four boxes.
    pub fn all_by(by: &Actor, at: DateTime<Utc>) -> Self {
        Self(A2pPoint::ALL.map(|point| Acknowledgement {
            point,
            by: by.clone(),
            at,
        }))
    }

    /// The acknowledgements, one of each point, in the order of [`A2pPoint::ALL`].
    pub fn iter(&self) -> impl Iterator<Item = &Acknowledgement> {
        self.0.iter()
    }

    /// When the last of them was given, UTC.
    pub fn completed_at(&self) -> DateTime<Utc> {
        let [a, b, c, d] = &self.0;
        a.at.max(b.at).max(c.at).max(d.at)
    }
}

impl TryFrom<Vec<Acknowledgement>> for A2pAcknowledgements {
    type Error = MissingAcknowledgements;
    fn try_from(given: Vec<Acknowledgement>) -> Result<Self, MissingAcknowledgements> {
        Self::collect(given)
    }
}

/// Points nobody acknowledged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingAcknowledgements(Vec<A2pPoint>);

impl MissingAcknowledgements {
    /// The points, in the order of [`A2pPoint::ALL`]; at least one.
    pub fn points(&self) -> &[A2pPoint] {
        &self.0
    }
}

impl fmt::Display for MissingAcknowledgements {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ask the customer to acknowledge: ")?;
        for (i, point) in self.0.iter().enumerate() {
            write!(f, "{}{point}", if i == 0 { "" } else { ", " })?;
        }
        Ok(())
    }
}

impl std::error::Error for MissingAcknowledgements {}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::people::Role;

    fn at(hour: u32) -> DateTime<Utc> {
        format!("2026-11-02T{hour:02}:00:00Z").parse().unwrap()
    }

    fn ann() -> Actor {
        Actor::new("Ann", Role::Admin).unwrap()
    }

    fn given(point: A2pPoint, hour: u32) -> Acknowledgement {
        Acknowledgement {
            point,
            by: ann(),
            at: at(hour),
        }
    }

    #[test]
    fn the_first_of_each_is_kept_in_order() {
        let twice = A2pPoint::ALL.into_iter().rev().enumerate();
        let twice = twice.flat_map(|(i, p)| [given(p, i as u32), given(p, 20)]);
        let all = A2pAcknowledgements::collect(twice).unwrap();
        let points: Vec<_> = all.iter().map(|a| a.point).collect();
        assert_eq!(points, A2pPoint::ALL);
        assert_eq!(all.completed_at(), at(3));
    }

    #[test]
    fn every_missing_point_is_named() {
        let none = A2pAcknowledgements::collect([]).unwrap_err();
        assert_eq!(none.points(), A2pPoint::ALL);
        for missing in A2pPoint::ALL {
            let rest = A2pPoint::ALL.into_iter().filter(|p| *p != missing);
            let error = A2pAcknowledgements::collect(rest.map(|p| given(p, 1))).unwrap_err();
            assert_eq!(error.points(), [missing]);
            assert!(error.to_string().contains(&missing.to_string()));
        }
    }

    #[test]
    fn the_stored_shape_stays() {
        let all = A2pAcknowledgements::all_by(&ann(), at(9));
        let one = |point| {
            json!({
                "point": point, "by": {"name": "Ann", "role": "admin"},
                "at": "2026-11-02T09:00:00Z",
            })
        };
        let mut stored = json!([
            one("campaign_approved"),
            one("texting_pauses"),
            one("settings_stay_behind"),
            one("old_account_stays_open"),
        ]);
        assert_eq!(serde_json::to_value(&all).unwrap(), stored);
        assert_eq!(serde_json::from_value(stored.clone()).ok(), Some(all));
        stored.as_array_mut().unwrap().pop();
        assert!(serde_json::from_value::<A2pAcknowledgements>(stored).is_err());
    }
}
