//! What the AI Firewall of Robust Intelligence has looked at.

use allwell::prelude::*;

/// Requests to an AI Firewall of Robust Intelligence, and what its rules made of them.
#[check(
    name = "robust_intelligence_ai_firewall",
    display_name = "Robust Intelligence AI Firewall",
    can_connect = "robust_intelligence_ai_firewall.openmetrics.health"
)]
pub async fn ai_firewall(config: &ScrapeOptions, cx: &Context) -> Result<(Vec<Asked>, Vec<Rule>)> {
    Ok(cx.scrape(config).await?)
}

/// Requests.
#[derive(Metrics)]
#[metrics(namespace = "robust_intelligence_ai_firewall.firewall_requests")]
pub struct Asked {
    #[tag]
    flagged: String,
    /// How often the firewall was asked to look at a request.
    #[metric(from = "robust_intelligence_ai_firewall_requests_total")]
    count: MonotonicCount<Request>,
}

/// A rule.
#[derive(Metrics)]
#[metrics(namespace = "robust_intelligence_ai_firewall.rule_evaluated")]
pub struct Rule {
    #[tag]
    rule: String,
    #[tag]
    validation_type: String,
    #[tag]
    flagged: String,
    /// How often the rule was evaluated.
    #[metric(from = "robust_intelligence_ai_firewall_rule_evaluated_total")]
    count: MonotonicCount<Unitless>,
}
