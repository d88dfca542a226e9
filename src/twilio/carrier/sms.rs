//! Test texts. A text costs money and is read, so none is sent twice: where it is unknown whether
//! one was sent, that is an error and no second try; where one was, there is an outcome whatever
//! fails afterwards.

use chrono::TimeDelta;

use super::line::{PATIENCE, Wait, before, failed, unread};
use super::{TestLine, TwilioCarrier};
use crate::carrier::{CarrierError, NumberTask};
use crate::number::PhoneNumber;
use crate::request::Outcome;
use crate::twilio::client::{
    Message, MessageStatus, NewMessage, TrafficFilter, TwilioCode, TwilioError,
};
use crate::twilio::sid::AccountSid;

/// How far back inbound texts are listed: more than clocks differ.
const BACK: TimeDelta = TimeDelta::hours(1);

impl TwilioCarrier {
    /// Texts the test line from the number itself; a sender pool would choose any sender. It passes
    /// when Twilio reports the text delivered. "Sent" is not delivered: without a receipt in a
    /// minute it has not passed, and a person who sees the text on the line may attest it.
    pub(super) async fn sms_out(
        &self,
        task: &NumberTask,
        line: &TestLine,
    ) -> Result<Outcome, CarrierError> {
        self.apart(task, line)?;
        let account = self.account(&task.account)?;
        let body = self.body(task);
        let sent = self.text(&account, task.number, line.number, &body).await?;
        let mut wait = Wait::on(&*self.timer);
        let sid = sent.sid.clone();
        let mut last: Result<_, TwilioError> = Ok(sent);
        loop {
            match &last {
                Ok(text) => match &text.status {
                    MessageStatus::Delivered | MessageStatus::Read => return Ok(Outcome::Passed),
                    status if is_over(status) => return Ok(failed(undelivered(text))),
                    _ => {}
                },
                Err(error) if !error.is_retryable() => return Ok(unread("text", error)),
                Err(_) => {}
            }
            if !wait.again().await {
                return Ok(match last {
                    Ok(text) => failed(format!(
                        "no delivery receipt after {} seconds: the text is {}; test again",
                        PATIENCE.as_secs(),
                        text.status
                    )),
                    Err(error) => unread("text", &error),
                });
            }
            last = self.client.message(&account, &sid).await;
        }
    }

    /// Texts the number from the test line. It passes when the number's account shows that very
    /// text coming in.
    pub(super) async fn sms_in(
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
        let body = self.body(task);
        let sent = self
            .text(&line.account, line.number, task.number, &body)
            .await?;
        let mut wait = Wait::on(&*self.timer);
        let (sid, mut last) = (sent.sid.clone(), sent);
        loop {
            let arrived = match self.client.messages(&account, &incoming).await {
                // A trial account's texts begin with a notice: the body is looked for, not compared.
                Ok(texts) => Ok(texts
                    .iter()
                    .any(|text| is_inbound(text) && text.body.contains(&body))),
                Err(error) if !error.is_retryable() => return Ok(unread("text", &error)),
                Err(error) => Err(error),
            };
            if matches!(arrived, Ok(true)) {
                return Ok(Outcome::Passed);
            }
            if is_over(&last.status) {
                return Ok(failed(format!(
                    "the test line's own text did not leave: {}; this says nothing of the number",
                    undelivered(&last)
                )));
            }
            if !wait.again().await {
                return Ok(match arrived {
                    Ok(_) => failed(format!(
                        "the text from the test line did not come in within {} seconds; texts may \
                         follow the number by hours or days: test again",
                        PATIENCE.as_secs()
                    )),
                    Err(error) => unread("text", &error),
                });
            }
            // Only its end is of interest, so a look that fails leaves what was known.
            if let Ok(text) = self.client.message(&line.account, &sid).await {
                last = text;
            }
        }
    }

    async fn text(
        &self,
        account: &AccountSid,
        from: PhoneNumber,
        to: PhoneNumber,
        body: &str,
    ) -> Result<Message, CarrierError> {
        let text = NewMessage::new(from, to, body);
        let sent = self.client.send_message(account, &text).await;
        sent.map_err(|error| self.failed(error))
    }
}

fn is_inbound(text: &Message) -> bool {
    text.direction.as_deref() == Some("inbound")
}

/// Whether the text has come to nothing.
fn is_over(status: &MessageStatus) -> bool {
    use MessageStatus::{Canceled, Failed, Undelivered};
    matches!(status, Undelivered | Failed | Canceled)
}

fn undelivered(text: &Message) -> String {
    let status = &text.status;
    match text.error_code {
        Some(TwilioCode::UnregisteredNumber) => format!(
            "the text is {status}: 30034, the number is not registered for 10DLC yet; wait and \
             test again, up to 10 days after it joined"
        ),
        Some(code) => {
            let advice = code.what_to_do().map(|words| format!(": {words}"));
            format!(
                "the text is {status}: {}{}",
                code.number(),
                advice.unwrap_or_default()
            )
        }
        None => format!("the text is {status}, and Twilio does not say why"),
    }
}
