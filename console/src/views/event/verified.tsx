interface Props {
  readonly id: string;
  readonly tenantId: string;
}

/** The proof of an event, verified in this browser. */
export function VerifiedHere({ id, tenantId }: Props) {
  return <section data-id={id} data-tenant={tenantId} />;
}
