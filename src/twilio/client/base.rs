use std::fmt;

use reqwest::Url;

/// Where Twilio's products are: by default `https://api.twilio.com` and its likes.
///
/// ```
/// use snap_port::twilio::BaseUrls;
/// let ireland = BaseUrls::default().with_api("https://api.dublin.ie1.twilio.com")?;
/// let local = BaseUrls::all("http://127.0.0.1:4010")?;
/// // Tokens would cross the network in the clear.
/// assert!(BaseUrls::all("http://proxy.example.com").is_err());
/// # Ok::<_, snap_port::twilio::InvalidBaseUrl>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct BaseUrls {
    api: Url,
    numbers: Url,
    messaging: Url,
    monitor: Url,
}

/// A text that cannot be the base of Twilio's URLs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidBaseUrl {
    /// It is no absolute `https` or `http` URL with a host.
    #[error("not an absolute https URL with a host")]
    NotAUrl,
    /// It is plain `http` to a host that is not this machine: tokens would go in the clear.
    #[error("http is for loopback hosts only; use https")]
    InTheClear,
    /// It holds a user, a password, a query or a fragment.
    #[error("a base URL holds no user, password, query or fragment")]
    MoreThanABase,
}

/// One of Twilio's products, each on a host of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Product {
    Api,
    Numbers,
    Messaging,
    Monitor,
}

fn parse(text: &str) -> Result<Url, InvalidBaseUrl> {
    let url = Url::parse(text).map_err(|_| InvalidBaseUrl::NotAUrl)?;
    let host = url.host_str().ok_or(InvalidBaseUrl::NotAUrl)?;
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(host) => {}
        "http" => return Err(InvalidBaseUrl::InTheClear),
        _ => return Err(InvalidBaseUrl::NotAUrl),
    }
    let more = !url.username().is_empty()
        || url.password().is_some()
        || url.query().is_some()
        || url.fragment().is_some();
    if more {
        return Err(InvalidBaseUrl::MoreThanABase);
    }
    Ok(url)
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || bare
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

fn twilio(product: &str) -> Url {
    // Proved by `the_default_is_twilio`: four constant names make four well-formed URLs.
    Url::parse(&format!("https://{product}.twilio.com")).expect("a constant URL")
}

impl Default for BaseUrls {
    fn default() -> Self {
        Self {
            api: twilio("api"),
            numbers: twilio("numbers"),
            messaging: twilio("messaging"),
            monitor: twilio("monitor"),
        }
    }
}

impl BaseUrls {
    /// One URL for every product. A path is kept as a prefix.
    ///
    /// # Errors
    /// [`InvalidBaseUrl`] says why.
    pub fn all(url: &str) -> Result<Self, InvalidBaseUrl> {
        let url = parse(url)?;
        Ok(Self {
            api: url.clone(),
            numbers: url.clone(),
            messaging: url.clone(),
            monitor: url,
        })
    }

    /// Another URL for accounts, incoming numbers, calls and messages.
    ///
    /// # Errors
    /// [`InvalidBaseUrl`] says why.
    pub fn with_api(mut self, url: &str) -> Result<Self, InvalidBaseUrl> {
        self.api = parse(url)?;
        Ok(self)
    }

    /// Another URL for portability and eligibility.
    ///
    /// # Errors
    /// [`InvalidBaseUrl`] says why.
    pub fn with_numbers(mut self, url: &str) -> Result<Self, InvalidBaseUrl> {
        self.numbers = parse(url)?;
        Ok(self)
    }

    /// Another URL for messaging services and campaigns.
    ///
    /// # Errors
    /// [`InvalidBaseUrl`] says why.
    pub fn with_messaging(mut self, url: &str) -> Result<Self, InvalidBaseUrl> {
        self.messaging = parse(url)?;
        Ok(self)
    }

    /// Another URL for alerts.
    ///
    /// # Errors
    /// [`InvalidBaseUrl`] says why.
    pub fn with_monitor(mut self, url: &str) -> Result<Self, InvalidBaseUrl> {
        self.monitor = parse(url)?;
        Ok(self)
    }

    pub(super) fn of(&self, product: Product) -> &Url {
        match product {
            Product::Api => &self.api,
            Product::Numbers => &self.numbers,
            Product::Messaging => &self.messaging,
            Product::Monitor => &self.monitor,
        }
    }

    pub(super) fn any_encrypted(&self) -> bool {
        [&self.api, &self.numbers, &self.messaging, &self.monitor]
            .iter()
            .any(|url| url.scheme() == "https")
    }

    /// `path` under the base of `product`, with `query` encoded as a form.
    pub(super) fn join(&self, product: Product, path: &str, query: &str) -> Url {
        let mut url = self.of(product).clone();
        let prefix = url.path().trim_end_matches('/').to_owned();
        url.set_path(&format!("{prefix}{path}"));
        url.set_query((!query.is_empty()).then_some(query));
        url
    }
}

impl fmt::Debug for BaseUrls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BaseUrls")
            .field("api", &self.api.as_str())
            .field("numbers", &self.numbers.as_str())
            .field("messaging", &self.messaging.as_str())
            .field("monitor", &self.monitor.as_str())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_twilio() {
        let urls = BaseUrls::default();
        let at = |product| urls.join(product, "/v1/X", "").to_string();
        assert_eq!(at(Product::Api), "https://api.twilio.com/v1/X");
        assert_eq!(at(Product::Numbers), "https://numbers.twilio.com/v1/X");
        assert_eq!(at(Product::Messaging), "https://messaging.twilio.com/v1/X");
        assert_eq!(at(Product::Monitor), "https://monitor.twilio.com/v1/X");
    }

    #[test]
    fn plain_http_is_for_this_machine_only() {
        for local in [
            "http://127.0.0.1:4010",
            "http://127.9.9.9",
            "http://[::1]:80",
            "http://localhost:1",
        ] {
            assert!(BaseUrls::all(local).is_ok(), "{local}");
        }
        for remote in [
            "http://api.twilio.com",
            "http://10.0.0.1",
            "http://localhost.example.com",
            "http://127.0.0.1.example.com",
        ] {
            let got = BaseUrls::all(remote);
            assert_eq!(got, Err(InvalidBaseUrl::InTheClear), "{remote}");
        }
    }

    #[test]
    fn a_base_is_a_base_and_no_more() {
        for text in [
            "https://AC1:token@api.twilio.com",
            "https://api.twilio.com?x=1",
            "https://api.twilio.com#x",
        ] {
            assert_eq!(BaseUrls::all(text), Err(InvalidBaseUrl::MoreThanABase));
        }
        for text in ["", "api.twilio.com", "ftp://x", "mailto:a@b", "https://"] {
            assert_eq!(
                BaseUrls::all(text),
                Err(InvalidBaseUrl::NotAUrl),
                "{text:?}"
            );
        }
    }

    #[test]
    fn a_path_is_kept_as_a_prefix() {
        let urls = BaseUrls::all("https://proxy.example.com/twilio/").unwrap();
        assert_eq!(
            urls.join(Product::Api, "/2010-04-01/Accounts.json", "PageSize=1")
                .as_str(),
            "https://proxy.example.com/twilio/2010-04-01/Accounts.json?PageSize=1"
        );
    }

    #[test]
    fn a_product_can_have_a_url_of_its_own() {
        let urls = BaseUrls::default()
            .with_api("https://a.example.com")
            .and_then(|urls| urls.with_numbers("https://n.example.com"))
            .and_then(|urls| urls.with_messaging("https://m.example.com"))
            .and_then(|urls| urls.with_monitor("https://o.example.com"))
            .unwrap();
        let host = |product| urls.of(product).host_str().unwrap_or_default().to_owned();
        assert_eq!(host(Product::Api), "a.example.com");
        assert_eq!(host(Product::Numbers), "n.example.com");
        assert_eq!(host(Product::Messaging), "m.example.com");
        assert_eq!(host(Product::Monitor), "o.example.com");
    }
}
