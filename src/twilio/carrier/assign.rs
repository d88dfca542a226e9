//! Putting an arrived number into service: its settings, and its place in the sender pool.

use super::TwilioCarrier;
use super::setup::{NumberSetup, SmsRoute, VoiceRoute};
use crate::carrier::{CarrierError, CarrierErrorKind, NumberTask, Step};
use crate::id::MessagingService;
use crate::number::PhoneNumber;
use crate::twilio::client::{
    CallbackMethod, IncomingNumber, NumberUpdate, TwilioCode, TwilioError,
};
use crate::twilio::sid::{AccountSid, ServiceSid};

impl TwilioCarrier {
    /// Configures the number as the [`NumberSetup`] says. What is already so is not written again;
    /// where it is unknown whether a change was made, the number is read once more.
    ///
    /// Texts that are to go to a messaging service when none is named stay as they are: calls must
    /// not wait for that, and the preflight has said it.
    pub(super) async fn assign(&self, task: &NumberTask) -> Result<(), CarrierError> {
        let Some(setup) = &self.setup else {
            let detail = format!(
                "{} needs a number setup; give the builder one",
                Step::Assign
            );
            return Err(self.error(CarrierErrorKind::Unsupported, detail));
        };
        let account = self.account(&task.account)?;
        let held = self.held(&account, task.number).await?;
        let Some(update) = difference(setup, task.number, &held) else {
            return Ok(());
        };
        match self
            .client
            .update_number(&account, &held.sid, &update)
            .await
        {
            Ok(_) => Ok(()),
            Err(error) if error.outcome_unknown() => {
                match self.client.number(&account, &held.sid).await {
                    Ok(now) if difference(setup, task.number, &now).is_none() => Ok(()),
                    _ => Err(self.failed(error)),
                }
            }
            Err(error) => Err(self.failed(error)),
        }
    }

    /// Puts the number into its messaging service, if one is named. In it already is success.
    pub(super) async fn join(&self, task: &NumberTask) -> Result<(), CarrierError> {
        let Some(service) = &task.messaging else {
            return Ok(());
        };
        let (account, service) = (self.account(&task.account)?, self.service(service)?);
        let held = self.held(&account, task.number).await?;
        let Err(error) = self
            .client
            .add_to_service(&account, &service, &held.sid)
            .await
        else {
            return Ok(());
        };
        if error.outcome_unknown() {
            let member = self
                .client
                .service_number(&account, &service, &held.sid)
                .await;
            if matches!(member, Ok(Some(_))) {
                return Ok(());
            }
        }
        Err(self.not_joined(task.number, &service, error))
    }

    fn not_joined(
        &self,
        number: PhoneNumber,
        service: &ServiceSid,
        error: TwilioError,
    ) -> CarrierError {
        let detail = match error.code() {
            Some(TwilioCode::InAnotherService) => format!(
                "{number} is in another messaging service; take it out there, then it can join \
                 {service}"
            ),
            Some(TwilioCode::ServiceFull) => format!(
                "{service} is full, so {number} cannot join it; use another service, or ask Twilio \
                 for more room"
            ),
            Some(TwilioCode::NoMessagingCapability) => format!(
                "{number} can send neither SMS nor MMS at Twilio; ask Twilio why, or leave it out \
                 of messaging services"
            ),
            Some(TwilioCode::InvalidNumberSid) => format!(
                "{number} is not known to {service}; both must be in one account: name a service \
                 of the gaining account"
            ),
            Some(TwilioCode::RegionMismatch) => format!(
                "{number} and {service} are in different regions; name a service of the number's"
            ),
            _ => return self.failed(error),
        };
        self.error(error.kind(), detail).with_source(error)
    }

    /// The number as the account holds it.
    pub(super) async fn held(
        &self,
        account: &AccountSid,
        number: PhoneNumber,
    ) -> Result<IncomingNumber, CarrierError> {
        let found = self.client.find_number(account, number).await;
        found.map_err(|error| self.failed(error))?.ok_or_else(|| {
            let detail = format!(
                "{number} is not in the account's inventory yet; Twilio may show it some time \
                 after the move"
            );
            self.error(CarrierErrorKind::NotFound, detail)
        })
    }

    /// The messaging service a request names, as a SID.
    pub(super) fn service(&self, service: &MessagingService) -> Result<ServiceSid, CarrierError> {
        ServiceSid::try_from(service).map_err(|not_one| {
            let detail = format!(
                "{service} is {not_one}; nothing was sent; put the service's SID into the request"
            );
            self.error(CarrierErrorKind::InvalidRequest, detail)
                .without_effect()
        })
    }
}

/// What to change; nothing if the number is as it should be.
///
/// A trunk overrides an application, and an application a URL: a setting that is right and
/// overridden is not in force, so what overrides it goes. A URL is right only where it is called by
/// POST, which is what [`VoiceRoute::Url`] and [`SmsRoute::Url`] promise.
fn difference(
    setup: &NumberSetup,
    number: PhoneNumber,
    held: &IncomingNumber,
) -> Option<NumberUpdate> {
    let is = |held: &Option<String>, wanted: &str| held.as_deref().unwrap_or_default() == wanted;
    let by_post = |method: &Option<String>| {
        let method = method.as_deref();
        method.is_none_or(|method| method.eq_ignore_ascii_case("POST"))
    };
    let mut update = NumberUpdate::new();
    match setup.voice() {
        VoiceRoute::Url(url) => {
            if !is(&held.trunk_sid, "") {
                update = update.trunk_sid("");
            }
            if !is(&held.voice_application_sid, "") {
                update = update.voice_application_sid("");
            }
            if !is(&held.voice_url, url.as_str()) || !by_post(&held.voice_method) {
                update = update.voice_url(url.callback().clone(), CallbackMethod::Post);
            }
        }
        VoiceRoute::Application(application) => {
            if !is(&held.trunk_sid, "") {
                update = update.trunk_sid("");
            }
            if !is(&held.voice_application_sid, application.as_str()) {
                update = update.voice_application_sid(application.as_str());
            }
        }
        VoiceRoute::Trunk(trunk) => {
            if !is(&held.trunk_sid, trunk.as_str()) {
                update = update.trunk_sid(trunk.as_str());
            }
        }
    }
    match setup.sms() {
        SmsRoute::Url(url) => {
            if !is(&held.sms_application_sid, "") {
                update = update.sms_application_sid("");
            }
            if !is(&held.sms_url, url.as_str()) || !by_post(&held.sms_method) {
                update = update.sms_url(url.callback().clone(), CallbackMethod::Post);
            }
        }
        SmsRoute::Application(application) => {
            if !is(&held.sms_application_sid, application.as_str()) {
                update = update.sms_application_sid(application.as_str());
            }
        }
        SmsRoute::MessagingService => {}
    }
    if let Some(url) = setup.callback()
        && (!is(&held.status_callback, url.as_str()) || !by_post(&held.status_callback_method))
    {
        update = update.status_callback(url.callback().clone(), CallbackMethod::Post);
    }
    if let Some(name) = setup.name_of(number)
        && !is(&held.friendly_name, &name)
    {
        update = update.friendly_name(name);
    }
    (!update.is_empty()).then_some(update)
}
