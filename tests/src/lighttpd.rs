//! A lighttpd server whose page needs digest authentication.

use std::process::Command;

use crate::process::Server;

/// A running lighttpd, which shows the text `Welcome` to the user `reader` with the password `hush`.
#[derive(Debug)]
pub struct Lighttpd {
    server: Server,
}

impl Lighttpd {
    /// Starts a server that challenges by an algorithm: `MD5` or `SHA-256`.
    ///
    /// # Panics
    /// lighttpd is not installed, or does not start.
    pub fn start(algorithm: &str) -> Self {
        let server = Server::start("lighttpd lighttpd-mod-openssl", |directory, port| {
            let write = |name: &str, text: &str| {
                std::fs::write(directory.join(name), text).expect("a file of the server");
            };
            write("index.html", "Welcome");
            write("users", "reader:hush\n");
            let directory = directory.display();
            write(
                "lighttpd.conf",
                &format!(
                    "server.document-root = \"{directory}\"
                     server.bind = \"127.0.0.1\"
                     server.port = {port}
                     server.errorlog = \"{directory}/error.log\"
                     server.modules = (\"mod_auth\", \"mod_authn_file\")
                     index-file.names = (\"index.html\")
                     auth.backend = \"plain\"
                     auth.backend.plain.userfile = \"{directory}/users\"
                     auth.require = (\"/\" => (\"method\" => \"digest\", \"realm\" => \"all\", \"require\" => \"valid-user\", \"algorithm\" => \"{algorithm}\"))\n"
                ),
            );
            let mut command = Command::new("/usr/sbin/lighttpd");
            command.arg("-D").arg("-f").arg(format!("{directory}/lighttpd.conf"));
            command
        });
        Self { server }
    }

    /// The address of a page.
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.server.port)
    }
}
