import { Component, type ComponentType } from "preact";

/** Returns the component, rendered again only if a property is another one. */
export function memo<P extends object>(Inner: (props: P) => preact.JSX.Element): ComponentType<P> {
  return class Memo extends Component<P> {
    override shouldComponentUpdate(next: Readonly<P>): boolean {
      const names = new Set([...Object.keys(next), ...Object.keys(this.props)]) as Set<keyof P>;
      return [...names].some((name) => next[name] !== this.props[name]);
    }

    override render() {
      return Inner(this.props as P);
    }
  };
}
