//! Test texts. A text costs money and is read, so none is sent twice: where it is unknown whether
//! one was sent, that is an error and no second try.

use chrono::TimeDelta;

use super::line::{PATIENCE, Wait, failed};
use super::{TestLine, TwilioCarrier};
use crate::carrier::{CarrierError, NumberTask};
use crate::number::PhoneNumber;
use crate::request::Outcome;
use crate::twilio::client::{
    Message, MessageStatus, NewMessage, TrafficFilter, TwilioCode, TwilioError,
};
use crate::twilio::sid::{AccountSid, MessageSid};

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
        let (sid, mut last) = (sent.sid.clone(), Ok(sent));
        loop {
            if let Ok(text) = &last {
                match &text.status {
                    MessageStatus::Delivered | MessageStatus::Read => return Ok(Outcome::Passed),
                    status if is_over(status) => return Ok(failed(undelivered(text))),
                    _ => {}
                }
            }
            if !wait.again().await {
                let text = last.map_err(|error| self.failed(error))?;
                return Ok(failed(format!(
                    "no delivery receipt after {} seconds: the text is {}; test again",
                    PATIENCE.as_secs(),
                    text.status
                )));
            }
            last = self.look_up(&account, &sid).await?;
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
            .since(self.clock.now() - BACK);
        let body = self.body(task);
        let sent = self
            .text(&line.account, line.number, task.number, &body)
            .await?;
        let mut wait = Wait::on(&*self.timer);
        let (sid, mut last) = (sent.sid.clone(), Ok(sent));
        loop {
            let arrived = match self.client.messages(&account, &incoming).await {
                // A trial account's texts begin with a notice: the body is looked for, not compared.
                Ok(texts) => Ok(texts
                    .iter()
                    .any(|text| is_inbound(text) && text.body.contains(&body))),
                Err(error) if error.is_retryable() => Err(error),
                Err(error) => return Err(self.failed(error)),
            };
            if matches!(arrived, Ok(true)) {
                return Ok(Outcome::Passed);
            }
            if let Ok(text) = &last
                && is_over(&text.status)
            {
                return Ok(failed(format!(
                    "the test line's own text did not leave: {}; this says nothing of the number",
                    undelivered(text)
                )));
            }
            if !wait.again().await {
                arrived.map_err(|error| self.failed(error))?;
                return Ok(failed(format!(
                    "the text from the test line did not come in within {} seconds; texts may \
                     follow the number by hours or days: test again",
                    PATIENCE.as_secs()
                )));
            }
            last = self.look_up(&line.account, &sid).await?;
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

    /// How the text stands. What may pass is for the caller to wait out.
    async fn look_up(
        &self,
        account: &AccountSid,
        sid: &MessageSid,
    ) -> Result<Result<Message, TwilioError>, CarrierError> {
        match self.client.message(account, sid).await {
            Ok(text) => Ok(Ok(text)),
            Err(error) if error.is_retryable() => Ok(Err(error)),
            Err(error) => Err(self.failed(error)),
        }
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
