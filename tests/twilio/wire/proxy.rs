//! What the environment says of proxies. It is set for a process, so the test runs itself in one of
//! its own.

use std::process::Command;

use snap_port::testing::{VirtualClock, sample};
use snap_port::twilio::{BaseUrls, StaticCredentials, TwilioClient};

use super::scripted::{Scripted, reply};
use super::world::{PARENT_TOKEN, account};

const NAME: &str = "wire::proxy::plain_http_stays_on_this_machine_whatever_the_environment_says";
const CHILD: &str = "SNAP_PORT_TEST_BEHIND_A_PROXY";

#[tokio::test]
async fn plain_http_stays_on_this_machine_whatever_the_environment_says() {
    let body = format!("{{\"sid\":\"{}\"}}", account(1).as_str());
    if std::env::var_os(CHILD).is_some() {
        let server = Scripted::start([reply(200, &[], &body)]).await;
        let credentials = StaticCredentials::new().with_parent(account(1), PARENT_TOKEN);
        let client = TwilioClient::builder(credentials)
            .base_urls(BaseUrls::all(&server.url).unwrap())
            .timer(VirtualClock::at(sample::time()))
            .build()
            .unwrap();
        client.account(&account(1)).await.unwrap();
        assert_eq!(server.asked().len(), 1);
        return;
    }
    let proxy = Scripted::start([reply(200, &[], &body)]).await;
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", NAME]).env(CHILD, "1");
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
        child.env(name, &proxy.url);
        child.env(name.to_lowercase(), &proxy.url);
    }
    for name in ["NO_PROXY", "no_proxy", "REQUEST_METHOD"] {
        child.env_remove(name);
    }
    let done = tokio::task::spawn_blocking(move || child.output());
    let done = done.await.unwrap().unwrap();
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success() && said.contains("1 passed"), "{said}");
    assert!(proxy.asked().is_empty());
}
