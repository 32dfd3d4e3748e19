/// What a server is.
#[derive(TagValue)]
enum Role {
    ReadOnly,
    #[tag(name = "rw")]
    ReadWrite,
}

/// Its name.
#[derive(TagValue)]
struct Name<T>(T);
