//! An nginx server with a page of its status.

use std::path::Path;
use std::process::Command;

use crate::authority::Authority;
use crate::process::Server;

/// A running nginx, which shows its status at `/nginx_status` and the text `Welcome` everywhere else.
#[derive(Debug)]
pub struct Nginx {
    server: Server,
    scheme: &'static str,
}

impl Nginx {
    /// Starts a server on a free port.
    ///
    /// # Panics
    /// nginx is not installed, or does not start.
    pub fn start() -> Self {
        Self { server: serve(|_| String::new()), scheme: "http" }
    }

    /// Starts a server that speaks TLS, with the certificate of an authority.
    ///
    /// # Panics
    /// nginx is not installed, or does not start.
    pub fn start_tls(authority: &Authority) -> Self {
        Self::start_tls_of(|directory| authority.issue(directory), "")
    }

    /// Starts a server that speaks TLS with a certificate that has ended.
    ///
    /// # Panics
    /// nginx is not installed, or does not start.
    pub fn start_tls_ended(authority: &Authority) -> Self {
        Self::start_tls_of(|directory| authority.issue_ended(directory), "")
    }

    /// Starts a server that speaks TLS with a certificate for a name, and further directives of nginx.
    ///
    /// # Panics
    /// nginx is not installed, or does not start.
    pub fn start_tls_with(authority: &Authority, name: &str, directives: &str) -> Self {
        Self::start_tls_of(|directory| authority.issue_for(name, directory), directives)
    }

    /// Starts a server that speaks TLS with the files that `issue` makes in its directory, of a certificate and its key, and further
    /// directives of nginx.
    ///
    /// # Panics
    /// nginx is not installed, or does not start.
    pub fn start_tls_of(issue: impl Fn(&Path) -> (String, String), directives: &str) -> Self {
        let server = serve(|directory| {
            let (certificate, key) = issue(directory);
            format!("ssl_certificate {certificate}; ssl_certificate_key {key}; {directives}")
        });
        Self { server, scheme: "https" }
    }

    /// The address of a page.
    pub fn url(&self, path: &str) -> String {
        format!("{}://127.0.0.1:{}{path}", self.scheme, self.server.port)
    }

    /// The port that it listens on.
    pub const fn port(&self) -> u16 {
        self.server.port
    }

    /// Ends the server; from now on nobody listens on its port.
    pub fn stop(&mut self) {
        self.server.stop();
    }
}

fn serve(tls: impl Fn(&Path) -> String) -> Server {
    Server::start("nginx", |directory, port| {
        let file = directory.join("nginx.conf");
        let text = configuration(directory, port, &tls(directory));
        std::fs::write(&file, text).expect("cannot write nginx.conf");
        let mut command = Command::new("nginx");
        command.arg("-p").arg(directory).arg("-c").arg(file).args(["-e", "error.log"]);
        command
    })
}

/// One process in the foreground that writes nowhere but in its directory.
fn configuration(directory: &Path, port: u16, tls: &str) -> String {
    let ssl = if tls.is_empty() { "" } else { " ssl" };
    let kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
    let directory = directory.display();
    let temporary = kinds.map(|kind| format!("{kind}_temp_path {directory}/{kind};")).join("\n");
    format!(
        "daemon off;
         master_process off;
         pid {directory}/nginx.pid;
         events {{}}
         http {{
             access_log off;
             {temporary}
             server {{
                 listen 127.0.0.1:{port}{ssl};
                 {tls}
                 location = /nginx_status {{ stub_status; }}
                 location / {{ return 200 'Welcome'; }}
             }}
         }}"
    )
}
