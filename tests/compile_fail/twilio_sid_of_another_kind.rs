//! A messaging service is asked for as if it were a number.

use snap_port::twilio::{AccountSid, ServiceSid, TwilioClient};

async fn fetch(client: TwilioClient, account: AccountSid, service: ServiceSid) {
    let number = client.number(&account, &service).await;
}

fn main() {}
