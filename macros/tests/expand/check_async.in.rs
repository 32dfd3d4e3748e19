/// Looks for a text on a web page.
///
/// Follows redirects.
#[check(interval = "1m", timeout = "20s", can_connect = "awesome.can_connect")]
pub async fn awesome(config: &Page, cx: &Context<Row>) -> Result<Search> {
    body()
}
