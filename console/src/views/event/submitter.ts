import { texts } from "../../texts";

/** Says what a submitter's form means; see "Who submitted it" in docs/event.md. */
export function explainSubmitter(submittedBy: string | undefined): string {
  const { submitters } = texts.event;
  if (submittedBy === undefined) return submitters.absent;
  if (submittedBy.startsWith("token:")) return submitters.token;
  if (submittedBy.startsWith("arn:")) return submitters.arn;
  if (submittedBy.startsWith("AROA")) return submitters.role;
  if (submittedBy.startsWith("AIDA")) return submitters.user;
  return submitters.other;
}
