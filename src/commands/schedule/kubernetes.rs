//! Cron jobs of Kubernetes.

use super::cron::times;
use super::starts::StartPlan;

/// Two jobs over one volume, which has the campaign file, the list and the ledger.
pub(super) fn jobs(plan: &StartPlan) -> String {
    let run = job(
        plan,
        &plan.name,
        &times(plan),
        &format!("run{}", plan.flags),
    );
    let name = format!("{}-reconcile", plan.name);
    let ask = job(plan, &name, "23 * * * *", "reconcile");
    let head = "# A volume for the folder of the campaign, ReadWriteOncePod, on a disk of the\n\
                # node: a network file system loses a ledger's locks. Keys come from a Secret.\n";
    format!("{head}{run}---\n{ask}")
}

fn job(plan: &StartPlan, name: &str, when: &str, verb: &str) -> String {
    let zone = &plan.zone;
    let file = plan.file.file_name().unwrap_or_default().to_string_lossy();
    let (verb, flags) = verb.split_once(' ').unwrap_or((verb, ""));
    let mut args = vec![verb.to_owned(), format!("/campaign/{file}")];
    args.extend(flags.split_whitespace().map(ToOwned::to_owned));
    let args: Vec<String> = args.iter().map(|arg| format!("{arg:?}")).collect();
    let (args, seconds) = (args.join(", "), plan.drain_seconds);
    format!(
        "apiVersion: batch/v1\n\
         kind: CronJob\n\
         metadata:\n\
         \x20 name: {name}\n\
         spec:\n\
         \x20 schedule: \"{when}\"\n\
         \x20 timeZone: \"{zone}\"\n\
         \x20 # The ledger's lock would refuse a second run with exit code 8.\n\
         \x20 concurrencyPolicy: Forbid\n\
         \x20 startingDeadlineSeconds: 600\n\
         \x20 jobTemplate:\n\
         \x20   spec:\n\
         \x20     backoffLimit: 2\n\
         \x20     podFailurePolicy:\n\
         \x20       rules:\n\
         \x20         # The node is drained: it goes on elsewhere.\n\
         \x20         - action: Ignore\n\
         \x20           onPodConditions:\n\
         \x20             - type: DisruptionTarget\n\
         \x20         # No second try mends these: 5 waits for the next time, the others for a\n\
         \x20         # person. `hongbao explain exit-codes` has them all.\n\
         \x20         - action: FailJob\n\
         \x20           onExitCodes:\n\
         \x20             containerName: hongbao\n\
         \x20             operator: In\n\
         \x20             values: [2, 3, 4, 5, 6, 7, 9, 10, 11]\n\
         \x20     template:\n\
         \x20       spec:\n\
         \x20         restartPolicy: Never\n\
         \x20         terminationGracePeriodSeconds: {seconds}\n\
         \x20         containers:\n\
         \x20           - name: hongbao\n\
         \x20             image: hongbao\n\
         \x20             args: [{args}]\n\
         \x20             volumeMounts:\n\
         \x20               - name: campaign\n\
         \x20                 mountPath: /campaign\n\
         \x20         volumes:\n\
         \x20           - name: campaign\n\
         \x20             persistentVolumeClaim:\n\
         \x20               claimName: {volume}\n",
        volume = plan.name,
    )
}
