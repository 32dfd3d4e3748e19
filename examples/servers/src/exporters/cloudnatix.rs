//! Spending of a Kubernetes cluster, and what CloudNatix recommends.

use allwell::prelude::*;

/// Spending of a Kubernetes cluster, and what CloudNatix recommends.
#[check(display_name = "CloudNatix", can_connect = "cloudnatix.openmetrics.health")]
pub async fn cloudnatix(config: &ScrapeOptions, cx: &Context) -> Result<Cluster> {
    Ok(cx.scrape(config).await?)
}

/// The cluster.
#[derive(Metrics)]
#[metrics(namespace = "cloudnatix.compute")]
pub struct Cluster {
    /// Spending of the cluster on instances, a day.
    #[metric(from = "cloudnatix_compute_instances_spend", orientation = lower_is_better)]
    daily_spend: Option<Gauge<Per<Dollar, Day>>>,
    #[metrics(flatten)]
    workloads: Vec<Workload>,
    #[metrics(flatten)]
    resources: Vec<Resource>,
    #[metrics(flatten)]
    autoscalers: Vec<Autoscaler>,
    #[metrics(flatten)]
    recommendations: Vec<Recommendation>,
    #[metrics(flatten)]
    evictions: Vec<Evictions>,
}

/// What a workload costs.
#[derive(Metrics)]
#[metrics(namespace = "cloudnatix.workload")]
pub struct Workload {
    #[tag]
    name: String,
    #[tag]
    namespace: String,
    /// Spending on the workload, a month.
    #[metric(from = "cloudnatix_workload_monthly_spend", orientation = lower_is_better)]
    monthly_spend: Option<Gauge<Dollar>>,
    /// What could be saved of it.
    #[metric(from = "cloudnatix_workload_monthly_projected_saving")]
    monthly_projected_saving: Option<Gauge<Dollar>>,
}

/// What a container asks for.
#[derive(Metrics)]
#[metrics(namespace = "cloudnatix.workload")]
pub struct Resource {
    #[tag]
    name: String,
    #[tag]
    namespace: String,
    #[tag]
    container_name: String,
    #[tag]
    resource: String,
    #[tag]
    spec: String,
    /// What the container asks for, or may have at most.
    #[metric(name = "resource", from = "cloudnatix_workload_resource")]
    amount: Gauge<Unitless>,
}

/// How a workload is scaled.
#[derive(Metrics)]
#[metrics(namespace = "cloudnatix")]
pub struct Autoscaler {
    #[tag]
    mode: String,
    #[tag]
    namespace: String,
    #[tag]
    target_resource_name: String,
    /// 1 for the mode in which the vertical pod autoscaler of a workload is.
    #[metric(from = "cloudnatix_vpa")]
    vpa: Gauge<Unitless>,
}

/// What a container should ask for.
#[derive(Metrics)]
#[metrics(namespace = "cloudnatix.vpa")]
pub struct Recommendation {
    #[tag]
    namespace: String,
    #[tag]
    recommendation_resource: String,
    #[tag]
    recommendation_target_spec: String,
    #[tag]
    target_container_name: String,
    #[tag]
    target_resource_name: String,
    /// What the vertical pod autoscaler recommends to ask for.
    #[metric(from = "cloudnatix_vpa_recommendation")]
    recommendation: Gauge<Unitless>,
}

/// Pods that were moved.
#[derive(Metrics)]
#[metrics(namespace = "cloudnatix.pod_eviction_by_vpa")]
pub struct Evictions {
    #[tag]
    name: String,
    #[tag]
    namespace: String,
    /// Pods that the vertical pod autoscaler has evicted.
    #[metric(from = "cloudnatix_pod_eviction_by_vpa")]
    count: MonotonicCount<Unitless>,
}
