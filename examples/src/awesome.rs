//! The example of the Datadog guide to custom checks: is a text on a web page?

use allwell::prelude::*;

/// Looks for a text on a web page.
#[check]
pub async fn awesome(config: &Page, cx: &Context) -> Result<Search> {
    let search = match cx.http(&config.http)?.text(&config.url).await {
        Err(error) => Status::critical(error),
        Ok(text) if text.contains(&config.search_string) => Status::Ok,
        Ok(_) => Status::warning("the text is not on the page"),
    };
    Ok(Search { search: search.into() })
}

/// One page to watch.
#[derive(Config)]
pub struct Page {
    /// Address of the page.
    #[config(tag, example = "http://localhost/")]
    url: Url,
    /// Text that the page must contain.
    #[config(example = "Welcome")]
    search_string: String,
    #[config(flatten)]
    http: HttpOptions,
}

/// Whether the text is on the page.
#[derive(Metrics)]
#[metrics(namespace = "awesome")]
pub struct Search {
    /// OK if the text is on the page, WARNING if it is not, CRITICAL if the page cannot be reached.
    search: ServiceCheck,
}
