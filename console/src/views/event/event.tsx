import { VerifiedHere } from "./verified";

interface Props {
  readonly id: string;
  readonly tenantId: string;
}

/** One event: a panel beside the trail, or the whole page of a narrow screen. */
export function EventPanel({ id, tenantId }: Props) {
  return (
    <aside>
      {id}
      <VerifiedHere id={id} tenantId={tenantId} />
    </aside>
  );
}
