//! When a call is tried again, and after how long.

use std::time::Duration;

use chrono::DateTime;

use super::error::TwilioError;
use super::request::Operation;
use crate::carrier::CarrierErrorKind;

const FIRST: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(3);
/// Longer than this is the caller's to wait.
const LONGEST_WISH: Duration = Duration::from_secs(60);
/// A wish longer than a month is told as a month, so that no time plus a wish leaves the calendar.
const LONGEST_TOLD: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Whether `operation` may be tried again after `error`.
///
/// What got status 429 was never processed (Twilio error 20429). Anything else may have taken
/// effect, so only what reads is asked again.
pub(super) fn again(operation: Operation, error: &TwilioError) -> bool {
    match error.kind() {
        CarrierErrorKind::RateLimited => true,
        CarrierErrorKind::Unreachable
        | CarrierErrorKind::Unavailable
        | CarrierErrorKind::Timeout => operation.reads(),
        _ => false,
    }
}

/// How long to wait: at least what Twilio wishes; not at all if that is too long to wait here.
pub(super) fn wait(error: &TwilioError, backoff: Option<Duration>) -> Option<Duration> {
    let backoff = backoff?;
    match error.retry_after() {
        Some(wish) if wish > LONGEST_WISH => None,
        Some(wish) => Some(wish.saturating_add(backoff)),
        None => Some(backoff),
    }
}

/// Twilio's `Retry-After`: whole seconds, or a date, counted from the answer's own `Date`; a date
/// that is past wishes for nothing. What is neither is no wish, and our own waits hold.
pub(super) fn wish(retry_after: Option<&str>, date: Option<&str>) -> Option<Duration> {
    let wish = retry_after?.trim();
    if !wish.is_empty() && wish.bytes().all(|b| b.is_ascii_digit()) {
        // More digits than fit are more than anybody waits.
        let seconds = wish.parse().unwrap_or(u64::MAX);
        return Some(Duration::from_secs(seconds).min(LONGEST_TOLD));
    }
    let at = DateTime::parse_from_rfc2822(wish).ok()?;
    let now = DateTime::parse_from_rfc2822(date?.trim()).ok()?;
    let wish = at.signed_duration_since(now).to_std().unwrap_or_default();
    Some(wish.min(LONGEST_TOLD))
}

/// Waits of full jitter: anything up to 100 ms, 200 ms, 400 ms and so on, at most 3 s.
#[derive(Debug)]
pub(super) struct FullJitter {
    random: fastrand::Rng,
    done: u32,
    retries: u32,
}

impl FullJitter {
    pub(super) fn new(retries: u32, random: fastrand::Rng) -> Self {
        Self {
            random,
            done: 0,
            retries,
        }
    }
}

impl Iterator for FullJitter {
    type Item = Duration;

    fn next(&mut self) -> Option<Duration> {
        if self.done >= self.retries {
            return None;
        }
        let longest = FIRST
            .saturating_mul(2_u32.saturating_pow(self.done))
            .min(LONGEST);
        self.done += 1;
        Some(longest.mul_f64(self.random.f64()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(kind: CarrierErrorKind) -> TwilioError {
        TwilioError::new(Operation::post("X"), kind, "x")
    }

    #[test]
    fn only_what_was_not_processed_or_reads_is_tried_again() {
        use CarrierErrorKind::*;
        let (get, post, delete) = (
            Operation::get("X"),
            Operation::post("X"),
            Operation::delete("X"),
        );
        for kind in [Unreachable, Unavailable, Timeout] {
            assert!(again(get, &failed(kind)), "{kind:?}");
            assert!(!again(post, &failed(kind)), "{kind:?}");
            assert!(!again(delete, &failed(kind)), "{kind:?}");
        }
        for kind in [
            Unauthorized,
            NotFound,
            InvalidRequest,
            Unsupported,
            Protocol,
        ] {
            assert!(!again(get, &failed(kind)), "{kind:?}");
        }
        for operation in [get, post, delete] {
            assert!(again(operation, &failed(RateLimited)));
        }
    }

    #[test]
    fn waits_are_jittered_over_their_whole_length_and_bounded() {
        let firsts: Vec<Duration> = (0..200)
            .filter_map(|seed| FullJitter::new(1, fastrand::Rng::with_seed(seed)).next())
            .collect();
        assert!(firsts.iter().all(|wait| *wait <= FIRST));
        assert!(firsts.iter().any(|wait| *wait < FIRST / 4));
        assert!(firsts.iter().any(|wait| *wait > FIRST / 4 * 3));
        let many: Vec<Duration> = FullJitter::new(50, fastrand::Rng::with_seed(7)).collect();
        assert_eq!(many.len(), 50);
        assert!(many.iter().all(|wait| *wait <= LONGEST));
        assert!(many.iter().any(|wait| *wait > Duration::from_secs(2)));
    }

    #[test]
    fn twilios_wish_is_granted_up_to_a_minute() {
        let wished = |seconds| {
            failed(CarrierErrorKind::RateLimited)
                .with_retry_after(Some(Duration::from_secs(seconds)))
        };
        let backoff = Some(Duration::from_millis(50));
        assert_eq!(
            wait(&wished(60), backoff),
            Some(Duration::from_millis(60_050))
        );
        assert_eq!(wait(&wished(61), backoff), None);
        assert_eq!(wait(&wished(1), None), None);
        assert_eq!(
            wait(&failed(CarrierErrorKind::RateLimited), backoff),
            backoff
        );
    }

    #[test]
    fn a_wish_is_in_seconds_or_a_date() {
        let seconds = |s| Some(Duration::from_secs(s));
        assert_eq!(wish(Some(" 7 "), None), seconds(7));
        let (at, now) = (
            "Tue, 24 Nov 2026 17:45:16 GMT",
            "Tue, 24 Nov 2026 17:44:46 GMT",
        );
        assert_eq!(wish(Some(at), Some(now)), seconds(30));
        assert_eq!(wish(Some(now), Some(at)), seconds(0));
        for nothing in [
            wish(None, Some(now)),
            wish(Some(at), None),
            wish(Some(at), Some("now")),
        ] {
            assert_eq!(nothing, None);
        }
    }

    #[test]
    fn a_wish_that_cannot_be_read_is_none() {
        let now = Some("Tue, 24 Nov 2026 17:44:46 GMT");
        for odd in [
            "",
            "-1",
            "+1",
            "1.5",
            "1e9",
            "NaN",
            "inf",
            "0x10",
            "soon",
            "7 s",
            "７",
            "1,2",
            "Tue, 99 Nov 2026 17:44:46 GMT",
            "99999999999999999999 Nov 2026",
        ] {
            assert_eq!(wish(Some(odd), now), None, "{odd}");
        }
    }

    #[test]
    fn an_endless_wish_is_the_callers_to_wait() {
        let now = Some("Tue, 24 Nov 2026 17:44:46 GMT");
        let digits = "9".repeat(400);
        for huge in [
            "86400000",
            "18446744073709551615",
            "18446744073709551616",
            &digits,
            "Wed, 24 Nov 9999 17:44:46 GMT",
        ] {
            let wish = wish(Some(huge), now);
            assert_eq!(wish, Some(LONGEST_TOLD), "{huge}");
            let error = failed(CarrierErrorKind::RateLimited).with_retry_after(wish);
            assert_eq!(wait(&error, Some(FIRST)), None, "{huge}");
        }
    }
}
