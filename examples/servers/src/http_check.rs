//! Whether an address answers as it should, how fast, and how long its certificate is valid.
//!
//! Metrics, service checks and options are those of Datadog's `http_check`. The certificate is that of the connection on which the
//! answer came: no second one is made for it.

use std::time::{Duration, Instant};

use allwell::config::Pattern;
use allwell::http::{Certificate, Http, HttpError, Request, Response};
use allwell::prelude::*;

/// What a body is for.
const WITH_BODY: [&str; 5] = ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"];

/// How many characters of an answer a message shows.
const CONTENT_SHOWN: usize = 200;

/// Seconds of a day.
const DAY: f64 = 86_400.0;

/// Whether an address answers as it should, how fast, and how long its certificate is valid.
#[check]
pub async fn http_check(
    config: &Endpoint,
    cx: &Context,
) -> Result<(Option<Answered>, Up, Option<Expiry>)> {
    let since = Instant::now();
    let asked = config.ask(&cx.http(&config.http)?).await;
    let status = match &asked {
        Ok(seen) => config.judge(&seen.response),
        Err(error) => Status::critical(format!(
            "{error}. Connection failed after {} ms",
            since.elapsed().as_millis()
        )),
    };
    let expiry = config.expiry(&asked, cx);
    let answered = asked.as_ref().ok().filter(|_| config.collect_response_time);
    let answered =
        answered.map(|seen| Answered { response_time: seen.elapsed.as_secs_f64().into() });
    let is_up = status == Status::Ok;
    let up = Up { can_connect: is_up.into(), cant_connect: (!is_up).into(), status: status.into() };
    Ok((answered, up, expiry))
}

/// One address.
#[derive(Config)]
#[expect(clippy::struct_excessive_bools, reason = "they are the options that users know")]
pub struct Endpoint {
    /// A name for the instance: the tag `instance`.
    #[config(tag = "instance", example = "Example website")]
    name: String,
    /// The address.
    #[config(tag, example = "https://example.com/health")]
    url: Url,
    /// The method of the request.
    #[config(default = "GET", one_of = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"])]
    method: String,
    /// The body of the request, for methods that have one.
    #[config(example = "key=value")]
    data: Option<String>,
    /// The statuses that are as they should be: a pattern that they begin with; those below 400 if not given.
    #[config(example = r"(1|2|3)\d\d")]
    http_response_status_code: Option<Pattern>,
    /// What must stand in the answer.
    #[config(example = r"Welcome to \w+")]
    content_match: Option<Pattern>,
    /// What `content_match` says must not stand in the answer.
    #[config(default = false)]
    reverse_content_match: bool,
    /// Show the beginning of the answer in the message of a service check that is not OK.
    #[config(default = false)]
    include_content: bool,
    /// Submit how long the answer took.
    #[config(default = true)]
    collect_response_time: bool,
    /// Submit how long the certificate is valid.
    #[config(default = true)]
    check_certificate_expiration: bool,
    /// So many days before its end a certificate is a warning.
    #[config(default = 14)]
    days_warning: u32,
    /// So many days before its end a certificate is critical.
    #[config(default = 7)]
    days_critical: u32,
    /// The same in seconds; wins over `days_warning`.
    #[config(example = 1_209_600)]
    seconds_warning: Option<u32>,
    /// The same in seconds; wins over `days_critical`.
    #[config(example = 604_800)]
    seconds_critical: Option<u32>,
    #[config(flatten)]
    http: HttpOptions,
}

/// An answer that came.
#[derive(Metrics)]
#[metrics(namespace = "network.http")]
pub struct Answered {
    /// How long it took until the answer began.
    #[metric(orientation = lower_is_better)]
    response_time: Gauge<Second>,
}

/// Whether all is as it should be.
#[derive(Metrics)]
#[metrics(namespace = "network.http")]
pub struct Up {
    /// 1 if the answer is as it should be, else 0.
    #[metric(orientation = higher_is_better)]
    can_connect: Gauge<Unitless>,
    /// 0 if the answer is as it should be, else 1.
    #[metric(orientation = lower_is_better)]
    cant_connect: Gauge<Unitless>,
    /// CRITICAL if there is no answer, or one that is not as it should be; OK otherwise.
    #[metric(full_name = "http.can_connect")]
    status: ServiceCheck,
}

/// How long the server's certificate is valid.
#[derive(Metrics)]
#[metrics(namespace = "http.ssl")]
pub struct Expiry {
    /// Days until the certificate ends.
    #[metric(orientation = higher_is_better)]
    days_left: Option<Gauge<Day>>,
    /// Seconds until the certificate ends.
    #[metric(orientation = higher_is_better)]
    seconds_left: Option<Gauge<Second>>,
    /// CRITICAL if the certificate has ended or ends soon, WARNING if it ends before long, UNKNOWN if there is none to look at;
    /// OK otherwise.
    #[metric(full_name = "http.ssl_cert")]
    status: ServiceCheck,
}

/// What came of a request.
struct Seen {
    response: Response,
    elapsed: Duration,
    certificate: Option<Certificate>,
}

impl Endpoint {
    async fn ask(&self, http: &Http) -> Result<Seen, HttpError> {
        let mut request = Request::new(&self.method, self.url.as_str())?;
        if WITH_BODY.contains(&&*self.method) {
            let names_type = |name: &String| name.eq_ignore_ascii_case("content-type");
            if !self.http.headers.keys().chain(self.http.extra_headers.keys()).any(names_type) {
                request = request.header("content-type", "application/x-www-form-urlencoded")?;
            }
            request = request.body(self.data.clone().unwrap_or_default());
        }
        let since = Instant::now();
        let answer = http.open(&request).await?;
        let (elapsed, certificate) = (since.elapsed(), answer.certificate());
        Ok(Seen { response: answer.read().await?, elapsed, certificate })
    }

    fn judge(&self, response: &Response) -> Status {
        let status = response.status.to_string();
        let body = String::from_utf8_lossy(&response.body);
        let expected = self.http_response_status_code.as_ref();
        let is_expected = expected.map_or((100..400).contains(&response.status), |pattern| {
            pattern.0.find(&status).is_some_and(|found| found.start() == 0)
        });
        if !is_expected {
            let expected = expected.map_or("1xx or 2xx or 3xx", |pattern| pattern.0.as_str());
            return self.critical(format!("expected the status {expected}, got {status}"), &body);
        }
        let Some(wanted) = &self.content_match else { return Status::Ok };
        match (wanted.0.is_match(&body), self.reverse_content_match) {
            (true, false) | (false, true) => Status::Ok,
            (false, false) => {
                self.critical(format!("`{}` is not in the answer", wanted.0.as_str()), &body)
            }
            (true, true) => {
                self.critical(format!("`{}` is in the answer", wanted.0.as_str()), &body)
            }
        }
    }

    fn critical(&self, message: String, body: &str) -> Status {
        if !self.include_content {
            return Status::critical(message);
        }
        let content: String = body.chars().take(CONTENT_SHOWN).collect();
        Status::critical(format!("{message}\nContent: {content}"))
    }

    /// What is to be said of the certificate of an address that has one.
    fn expiry(&self, asked: &Result<Seen, HttpError>, cx: &Context) -> Option<Expiry> {
        if !self.check_certificate_expiration || self.url.scheme() != "https" {
            return None;
        }
        let unknown = |reason: String| Expiry {
            days_left: None,
            seconds_left: None,
            status: Status::unknown(reason).into(),
        };
        Some(match asked {
            Ok(Seen { certificate: Some(certificate), .. }) => {
                self.expiry_in(certificate.seconds_left(cx.now()))
            }
            Ok(_) => unknown("there is no certificate to look at".to_owned()),
            Err(error) if error.is_expired_certificate() => self.expiry_in(0.0),
            Err(error) => unknown(error.to_string()),
        })
    }

    fn expiry_in(&self, seconds: f64) -> Expiry {
        let limit =
            |seconds: Option<u32>, days: u32| seconds.map_or(f64::from(days) * DAY, f64::from);
        let days = (seconds / DAY).floor();
        let status = if seconds <= 0.0 {
            Status::critical("the certificate has ended")
        } else if seconds < limit(self.seconds_critical, self.days_critical) {
            Status::critical(format!("only {days} days until the certificate ends"))
        } else if seconds < limit(self.seconds_warning, self.days_warning) {
            Status::warning(format!("{days} days until the certificate ends"))
        } else {
            Status::Ok
        };
        Expiry {
            days_left: Some(days.into()),
            seconds_left: Some(seconds.into()),
            status: status.into(),
        }
    }
}
