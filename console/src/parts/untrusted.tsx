interface Props {
  readonly text: string;
}

/** Text that somebody else wrote. */
export function Untrusted({ text }: Props) {
  return <bdi>{text}</bdi>;
}
