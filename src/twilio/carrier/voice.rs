//! Test calls. A call costs money and rings, so none is placed twice: where it is unknown whether
//! one was placed, that is an error and no second try; where one was, there is an outcome whatever
//! fails afterwards.

use std::collections::BTreeSet;

use chrono::TimeDelta;

use super::line::{PATIENCE, Wait, before, failed, unread};
use super::{TestLine, TwilioCarrier};
use crate::carrier::{CarrierError, NumberTask};
use crate::number::PhoneNumber;
use crate::request::Outcome;
use crate::twilio::client::{Call, CallStatus, NewCall, TrafficFilter, TwilioError};
use crate::twilio::sid::{AccountSid, CallSid};

/// What the test line hears, or the caller at the ported number.
const TWIML: &str = "<Response><Say>This is a test call. Goodbye.</Say><Hangup/></Response>";

/// How far back inbound calls are listed: more than clocks differ.
const BACK: TimeDelta = TimeDelta::hours(1);

impl TwilioCarrier {
    /// Calls the test line from the number. It passes when Twilio reports the call completed, that
    /// is answered and hung up; a call without an end in a minute has not passed.
    pub(super) async fn voice_out(
        &self,
        task: &NumberTask,
        line: &TestLine,
    ) -> Result<Outcome, CarrierError> {
        self.apart(task, line)?;
        let account = self.account(&task.account)?;
        let placed = self.dial(&account, task.number, line.number).await?;
        let mut wait = Wait::on(&*self.timer);
        let mut last: Result<_, TwilioError> = Ok(placed.status);
        loop {
            match &last {
                Ok(status) => match ended(status) {
                    Some(Ending::Answered) => return Ok(Outcome::Passed),
                    Some(Ending::Not(how)) => {
                        return Ok(failed(format!("the call to the test line ended {how}")));
                    }
                    None => {}
                },
                Err(error) if !error.is_retryable() => return Ok(unread("call", error)),
                Err(_) => {}
            }
            if !wait.again().await {
                return Ok(match last {
                    Ok(status) => failed(no_end("the call to the test line", &status)),
                    Err(error) => unread("call", &error),
                });
            }
            last = self.look(&account, &placed.sid).await;
        }
    }

    /// Calls the number from the test line. It passes when the call was answered *and* the number's
    /// account shows it coming in: answered alone, it may still have been taken where the number
    /// was before.
    pub(super) async fn voice_in(
        &self,
        task: &NumberTask,
        line: &TestLine,
    ) -> Result<Outcome, CarrierError> {
        self.apart(task, line)?;
        let account = self.account(&task.account)?;
        let incoming = TrafficFilter::new()
            .from(line.number)
            .to(task.number)
            .since(before(self.clock.now(), BACK));
        // Known by name rather than by time: clocks differ, and tests follow one another.
        let known: BTreeSet<CallSid> = self
            .came_in(&account, &incoming)
            .await
            .map_err(|error| self.failed(error))?
            .into_iter()
            .map(|call| call.sid)
            .collect();
        let placed = self.dial(&line.account, line.number, task.number).await?;
        let mut wait = Wait::on(&*self.timer);
        let mut last: Result<_, TwilioError> = Ok(placed.status);
        let mut seen: Result<(), TwilioError> = Ok(());
        loop {
            let end = last.as_ref().ok().and_then(ended);
            if let Some(Ending::Not(how)) = end {
                return Ok(failed(format!("the call from the test line ended {how}")));
            }
            if end.is_some() {
                match self.came_in(&account, &incoming).await {
                    Ok(calls) => {
                        if calls.iter().any(|call| !known.contains(&call.sid)) {
                            return Ok(Outcome::Passed);
                        }
                        seen = Ok(());
                    }
                    Err(error) => seen = Err(error),
                }
            }
            if let Some(error) = last.as_ref().err().or(seen.as_ref().err())
                && !error.is_retryable()
            {
                return Ok(unread("call", error));
            }
            if !wait.again().await {
                return Ok(match (last, seen) {
                    (Err(error), _) | (_, Err(error)) => unread("call", &error),
                    (Ok(_), Ok(())) if end.is_some() => failed(
                        "the call from the test line was answered, but the number's account shows \
                         no such call coming in: it is still routed elsewhere",
                    ),
                    (Ok(status), Ok(())) => failed(no_end("the call from the test line", &status)),
                });
            }
            if end.is_none() {
                last = self.look(&line.account, &placed.sid).await;
            }
        }
    }

    async fn dial(
        &self,
        account: &AccountSid,
        from: PhoneNumber,
        to: PhoneNumber,
    ) -> Result<Call, CarrierError> {
        let call = NewCall::new(from, to, TWIML);
        let placed = self.client.place_call(account, &call).await;
        placed.map_err(|error| self.failed(error))
    }

    async fn look(&self, account: &AccountSid, sid: &CallSid) -> Result<CallStatus, TwilioError> {
        Ok(self.client.call(account, sid).await?.status)
    }

    async fn came_in(
        &self,
        account: &AccountSid,
        incoming: &TrafficFilter,
    ) -> Result<Vec<Call>, TwilioError> {
        let mut calls = self.client.calls(account, incoming).await?;
        // Where the test line is in the same account, its own leg is listed too.
        calls.retain(|call| call.direction.as_deref() == Some("inbound"));
        Ok(calls)
    }
}

enum Ending {
    Answered,
    Not(&'static str),
}

/// `None` while it goes on, and for words Twilio has added since.
fn ended(status: &CallStatus) -> Option<Ending> {
    Some(match status {
        CallStatus::Completed => Ending::Answered,
        CallStatus::Busy => Ending::Not("busy"),
        CallStatus::NoAnswer => Ending::Not("without an answer"),
        CallStatus::Failed => Ending::Not("failed: it could not be put through"),
        CallStatus::Canceled => Ending::Not("canceled"),
        _ => return None,
    })
}

fn no_end(what: &str, status: &CallStatus) -> String {
    format!(
        "{what} has no end after {} seconds: it is {status}; test again",
        PATIENCE.as_secs()
    )
}
