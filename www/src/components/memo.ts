import { Component, type ComponentChild, type ComponentClass } from "preact";

/** A component that is drawn anew only if one of its properties changes. */
export function memo<P extends object>(draw: (props: P) => ComponentChild): ComponentClass<P> {
	return class extends Component<P> {
		override shouldComponentUpdate(next: P): boolean {
			const keys = Object.keys({ ...this.props, ...next }) as (keyof P)[];
			return keys.some((key) => this.props[key] !== next[key]);
		}

		override render(): ComponentChild {
			return draw(this.props);
		}
	};
}
