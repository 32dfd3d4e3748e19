//! Options that Datadog users know and that cannot be honoured here: each is refused by its name.

use crate::config::Config;

/// Options of ways to log in that are not built in.
#[derive(Debug, Clone, Default, PartialEq, Config)]
#[config(validate = NotBuiltIn::none_is_given)]
pub struct NotBuiltIn {
    #[config(hidden)]
    kerberos_auth: Option<String>,
    #[config(hidden)]
    kerberos_cache: Option<String>,
    #[config(hidden)]
    kerberos_delegate: Option<String>,
    #[config(hidden)]
    kerberos_force_initiate: Option<String>,
    #[config(hidden)]
    kerberos_hostname: Option<String>,
    #[config(hidden)]
    kerberos_keytab: Option<String>,
    #[config(hidden)]
    kerberos_principal: Option<String>,
    #[config(hidden)]
    ntlm_domain: Option<String>,
}

impl NotBuiltIn {
    /// What turns a way off is no request for it.
    fn none_is_given(&self) -> Result<(), String> {
        let options = [
            ("kerberos_auth", &self.kerberos_auth, "disabled"),
            ("kerberos_cache", &self.kerberos_cache, ""),
            ("kerberos_delegate", &self.kerberos_delegate, "false"),
            ("kerberos_force_initiate", &self.kerberos_force_initiate, "false"),
            ("kerberos_hostname", &self.kerberos_hostname, ""),
            ("kerberos_keytab", &self.kerberos_keytab, ""),
            ("kerberos_principal", &self.kerberos_principal, ""),
            ("ntlm_domain", &self.ntlm_domain, ""),
        ];
        let is_asked_for =
            |value: &Option<String>, off: &str| value.as_ref().is_some_and(|text| text != off);
        let given = options.iter().filter(|(_, value, off)| is_asked_for(value, off));
        let names: Vec<_> = given.map(|(name, ..)| format!("`{name}`")).collect();
        if names.is_empty() {
            return Ok(());
        }
        let verb = if names.len() == 1 { "is" } else { "are" };
        Err(format!(
            "{} {verb} of a way to log in that is not built in; use `auth_type: basic` or `digest`",
            names.join(", ")
        ))
    }
}
