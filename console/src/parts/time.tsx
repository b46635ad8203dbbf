interface Props {
  /** ISO 8601. */
  readonly value: string;
}

/** An instant, as the reader prefers it. */
export function Time({ value }: Props) {
  return <time dateTime={value}>{value}</time>;
}
