/// Space on mounted filesystems.
#[check(name = "system_disk", enabled_by_default, crate = crate::renamed)]
fn disk(cx: &Context) -> Vec<Filesystem> {
    body()
}
