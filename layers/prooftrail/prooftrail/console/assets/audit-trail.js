// node_modules/preact/dist/preact.mjs
var e, t, n, r, i, a, o, s, c, l, u, d, f = Symbol.for("pv"), p = {}, m = [], h = /^m(i|n|o|s|text|space)$/, g = Array.isArray, _ = m.slice, v = Object.assign;
function y(e) {
	e && e.parentNode && e.remove();
}
function b(e, t, n) {
	var r, i, a, o = {}, s = arguments.length;
	for (a in t) a == "key" ? r = t[a] : a == "ref" && typeof e != "function" ? i = t[a] : o[a] = t[a];
	return s > 2 && (o.children = s > 3 ? _.call(arguments, 2) : n), x(e, o, r, i, null);
}
function x(n, r, i, a, o) {
	var s = {
		type: n,
		props: r,
		key: i,
		ref: a,
		__k: null,
		__: null,
		__b: 0,
		__e: null,
		__c: null,
		constructor: f,
		__v: o || ++t,
		__i: -1,
		__u: 0
	};
	return !o && e.vnode && e.vnode(s), s;
}
function S(e) {
	return e.children;
}
function C(e, t) {
	this.props = e, this.context = t, this.__g = 0;
}
function w(e, t) {
	if (t == null) return e.__ && w(e.__, e.__i + 1);
	for (var n; t < e.__k.length; t++) if ((n = e.__k[t]) && n.__e) return n.__e;
	return typeof e.type != "function" || e.props.__P ? null : w(e);
}
function T(t) {
	var n, r = t.__v, i = r.__e, a = [], o = [], s = t.__P;
	s && ((n = v({ constructor: f }, r)).__v = r.__v + 1, e.vnode && e.vnode(n), ie(s, n, r, t.__n, s.namespaceURI, 32 & r.__u ? [i] : null, a, i || w(r), 32 & r.__u, o), n.__v = r.__v, n.__.__k[n.__i] = n, N(a, n, o), r.__ = r.__e = null, n.__e != i && E(n));
}
function E(e) {
	if ((e = e.__) && e.__c && !e.props.__P) return e.__e = null, e.__k.some(function(t) {
		return t && (e.__e = t.__e);
	}), E(e);
}
function D(t) {
	(8 & t.__g || (t.__g |= 8, r.push(t), a++)) && i == e.debounceRendering || ((i = e.debounceRendering) || queueMicrotask)(O);
}
function O() {
	try {
		for (var e, t = 1; r.length;) r.length > t && r.sort(o), e = r.shift(), t = r.length, 8 & e.__g && T(e);
	} finally {
		(a = r.length) && (i || queueMicrotask)(O);
	}
}
function ee(e, t, n, r, i, a, o, s, c, l, u) {
	var d, f, h, g, _, v, y = r.__k || m, b = t.length;
	for (c = k(n, t, y, c, b), d = 0; d < b; d++) (h = n.__k[d]) != null && (f = ~h.__i && y[h.__i] || p, h.__i = d, v = ie(e, h, f, i, a, o, s, c, l, u), g = h.__e, (f.ref != h.ref || 8 & f.__u) && (f.ref && F(f.ref, null, h, f), h.ref && u.push(h.ref, h.__c || g, h)), _ ||= g, 4 & h.__u ? (c = A(h, c, e, !f.__v), f.__e && (f.__e = null)) : typeof h.type == "function" && v !== void 0 ? c = v : g && (c = g.nextSibling), h.__u &= -21);
	return n.__e = _, c;
}
function k(e, t, n, r, i) {
	var a, o, s, c, l, u, d, p, m, h = n.length, _ = h, v = 0, y = 0, b = e.__k = Array(i);
	for (a = 0; a < i; a++) (o = t[a]) != null && typeof o != "boolean" && typeof o != "function" ? (typeof o != "object" || o.constructor === String ? o = b[a] = x(null, o) : g(o) ? o = b[a] = x(S, { children: o }) : o.constructor === f && o.__b ? o = b[a] = x(o.type, o.props, o.key, o.ref, o.__v) : b[a] = o, c = a + v, o.__ = e, o.__b = e.__b + 1, s = null, ~(l = o.__i = te(o, n, c, _)) && (_--, (s = n[l]) && (s.__u |= 2)), s && s.__v ? (o.__u |= 16, l == c - 1 ? v-- : l == c + 1 ? v++ : l != c && (l > c ? v-- : v++, y = 1)) : (~l || (i > h ? v-- : i < h && v++), typeof o.type != "function" && (o.__u |= 4))) : b[a] = null;
	if (y) {
		for (u = [], d = [], a = 0; a < i; a++) if ((o = b[a]) && 16 & o.__u) {
			for (v = 0, p = u.length; v < p;) u[m = v + p >> 1] < o.__i ? v = m + 1 : p = m;
			u[v] = o.__i, d[a] = v + 1;
		}
		for (v = u.length; a--;) d[a] && (d[a] == v ? v-- : b[a].__u |= 4);
	}
	if (_) for (a = 0; a < h; a++) !(s = n[a]) || 2 & s.__u || (s.__e == r && (r = w(s)), I(s, s));
	return r;
}
function A(e, t, n, r) {
	var i, a, o, s;
	if (typeof e.type == "function") {
		if (e.props.__P) return t;
		if (i = e.__k) for (a = 0; a < i.length; a++) i[a] && (i[a].__ = e, t = A(i[a], t, n, !1));
		return t;
	}
	for (t && !t.parentNode && (t = w(e)) && !t.parentNode && (t = null), o = e.__e, s = t; s && s.nodeType == 8;) s = s.nextSibling;
	for (o != s && (!r && n.moveBefore && o.parentNode ? n.moveBefore(o, t) : n.insertBefore(o, t || null)), t = o; (t &&= t.nextSibling) && t.nodeType == 8 && !t.data.startsWith("$s"););
	return t;
}
function te(e, t, n, r) {
	var i, a = e.key, o = e.type, s = t[n], c = s && !(2 & s.__u);
	if (s === null && a == null || c && a == s.key && o == s.type) return n;
	if (r > +!!c) {
		for (i = n - 1; i >= 0; i--) if ((s = t[i]) && !(2 & s.__u) && a == s.key && o == s.type) return i;
		for (i = n + 1; i < t.length; i++) if ((s = t[i]) && !(2 & s.__u) && a == s.key && o == s.type) return i;
	}
	return -1;
}
function ne(e, t, n) {
	n ??= "", t[0] == "-" ? e.setProperty(t, n) : e[t] = n;
}
function j(e, t, n, r, i) {
	var a, o;
	if (t == "style") {
		if (typeof n == "string") e.style.cssText = n;
		else {
			if (typeof r == "string" && (e.style.cssText = r = ""), r) for (t in r) n && t in n || ne(e.style, t);
			if (n) for (t in n) r && n[t] == r[t] || ne(e.style, t, n[t]);
		}
	} else if (t[0] == "o" && t[1] == "n") typeof n != "function" && (n = null), typeof r != "function" && (r = null), (e.__e ||= {})[t] = n, n && r || (o = u[t] || (u[t] = re(t)), (e.__a ||= {})[t] = l, a = t != (t = t.replace(c, "$1")), (t = t.slice(2))[0] < "a" && (t = t.toLowerCase()), n ? e.addEventListener(t, o, a) : e.removeEventListener(t, o, a));
	else {
		if (i == "http://www.w3.org/2000/svg") t = t.replace(/xlink(H|:h)/, "h").replace(/sName$/, "s");
		else if (t != "width" && t != "height" && t != "href" && t != "list" && t != "form" && t != "tabIndex" && t != "download" && t != "rowSpan" && t != "colSpan" && t != "role" && t != "popover" && t in e) try {
			e[t] = n ?? "";
			return;
		} catch {}
		if (typeof n == "function") return;
		n == null || !1 === n && t[4] != "-" ? e.removeAttribute(t) : e.setAttribute(t, t == "popover" && n == 1 ? "" : n);
	}
}
function re(t) {
	return function(n) {
		var r = this.__e;
		if (r) {
			if (r = r[t], n[s] == null) n[s] = l++;
			else if (n[s] < this.__a[t]) return;
			return r(e.event ? e.event(n) : n);
		}
	};
}
function ie(t, n, r, i, a, o, s, c, l, u) {
	var d, p, h, _, b, x, T, E, D, O, k, A, te, ne, j, re, ie, N, F = n.type;
	if (n.constructor !== f) return null;
	128 & r.__u && (l = 32 & r.__u, d = r.__c.__z) && (n.__u |= l, p = o = [], d.nodeType == 8 ? c = ae(d, o) : o.push(d), c = o[0] || c), (d = e.__b) && d(n);
	n: if (typeof F == "function") {
		h = s.length;
		try {
			if (E = n.props, D = (d = F.prototype) && d.render, O = (d = F.contextType) && i[d.__c], k = d ? O ? O.props.value : d.__ : i, (_ = r.__c) ? (n.__c = _, 2 & _.__g && (_.__g |= 1)) : (D ? n.__c = _ = new F(E, k) : (n.__c = _ = new C(E, k), _.constructor = F, _.render = L), O && O.sub(_), _.state || (_.state = {}), _.__n = i, _.__g |= 8, _.__h = [], _.__k = []), D && (_.__s || (_.__s = _.state), F.getDerivedStateFromProps && (_.__s == _.state && (_.__s = v({}, _.__s)), v(_.__s, F.getDerivedStateFromProps(E, _.__s)))), b = _.props, x = _.state, _.__v = n, r.__c) {
				if (E !== b && D && !F.getDerivedStateFromProps && _.componentWillReceiveProps && _.componentWillReceiveProps(E, k), n.__v == r.__v && !(8 & _.__g) || !(4 & _.__g) && _.shouldComponentUpdate && !1 === _.shouldComponentUpdate(E, _.__s, k)) {
					n.__v != r.__v && (_.props = E, _.state = _.__s, _.__g &= -9), n.__e = r.__e, n.__k = r.__k, n.__k.some(function(e) {
						e && (e.__ = n);
					}), m.push.apply(_.__h, _.__k), _.__k = [], _.__h.length && s.push(_), c = w(r);
					break n;
				}
				_.componentWillUpdate && _.componentWillUpdate(E, _.__s, k), D && _.componentDidUpdate && _.__h.push(function() {
					_.componentDidUpdate(b, x, T);
				});
			} else D && !F.getDerivedStateFromProps && _.componentWillMount && _.componentWillMount(), D && _.componentDidMount && _.__h.push(_.componentDidMount);
			_.context = k, _.props = E, _.__P = t, _.__g &= -5, A = e.__r, te = D ? 25 : 0;
			do
				_.__g &= -9, A && A(n), d = _.render(_.props, _.state = _.__s, _.context);
			while (8 & _.__g && ++te < 25);
			D && (m.push.apply(_.__h, _.__k), _.__k = []), _.state = _.__s, _.getChildContext && (i = v({}, i, _.getChildContext())), D && r.__c && _.getSnapshotBeforeUpdate && (T = _.getSnapshotBeforeUpdate(b, x)), ne = d && d.type === S && d.key == null ? d.props.children : d, E.__P && (d = c, a = (t = E.__P).namespaceURI, l = o = null, r.props && r.props.__P != t && (r.__k.some(function(e) {
				e && I(e, e);
			}), r.__k = null), c = r.__k ? w(r, 0) : null), c = ee(t, g(ne) ? ne : [ne], n, r, i, a, o, s, c, l, u), E.__P && (n.__e = null, c = d), n.__u &= -161, p && p.some(y), _.__h.length && s.push(_), 1 & _.__g && (_.__g &= -4);
		} catch (t) {
			if (s.length = h, n.__v = null, l || o) {
				if (t && t.then) {
					if (n.__u |= 128 | l, o) {
						for (~(ie = o.indexOf(c || void 0)) || (ie = o.length); (N = o[ie - 1]) && N.nodeType == 8;) ie--;
						for (; ie < o.length; ie++) if (N = o[ie]) {
							if (o[ie] = null, j) {
								if (N == re) break;
							} else {
								if (N.nodeType != 8) break;
								N.data.startsWith("$s") && (re = ae(j = N));
							}
						}
					}
					if (!j) {
						for (; c && c.nodeType == 8 && c.nextSibling;) c = c.nextSibling;
						j = c;
					}
					(d = ae(j = n.__c.__z || (n.__c.__z = j))) ? (n.__e = j, c = d) : n.__e = c, c &&= c.nextSibling;
				} else o && o.some(y);
			} else n.__e = r.__e;
			n.__k ||= r.__k || [], t && t.then || M(n), e.__e(t, n, r);
		}
	} else c = n.__e = P(r.__e, n, r, i, a, o, s, l, u, t);
	return (d = e.diffed) && d(n), c;
}
function ae(e, t) {
	if (e && e.nodeType == 8 && e.data.startsWith("$s")) for (var n = 1; e = e.nextSibling;) {
		if (e.nodeType == 8) {
			if (e.data.startsWith("$s")) n++;
			else if (e.data.startsWith("/$s") && !--n) return e;
		}
		t && t.push(e);
	}
}
function M(e) {
	e && (e.__c && (e.__c.__g |= 4), e.__k && e.__k.some(M));
}
function N(t, n, r) {
	for (var i = 0; i < r.length;) F(r[i++], r[i++], r[i++]);
	e.__c && e.__c(n, t), t.some(function(n) {
		try {
			t = n.__h, n.__h = [], t.some(function(e) {
				e.call(n);
			});
		} catch (t) {
			e.__e(t, n.__v);
		}
	});
}
function P(t, n, r, i, a, o, s, c, l, u) {
	var d, f, m, v, b, x, S, C, T = r.props || p, E = n.props, D = n.type;
	if (D == "svg" ? a = "http://www.w3.org/2000/svg" : D == "math" ? a = "http://www.w3.org/1998/Math/MathML" : a ||= "http://www.w3.org/1999/xhtml", o) {
		for (d = 0; d < o.length; d++) if ((b = o[d]) && (D ? b.localName == D : b.nodeType == 3)) {
			t = b, o[d] = null;
			break;
		}
	}
	if (!t) {
		if (C = u.ownerDocument || document, !D) return C.createTextNode(E);
		t = C.createElementNS(a, D, E.is ? E : u), c &&= (e.__m && e.__m(n, o), !1), o = null;
	}
	if (D) {
		if (u = D == "template" && t.content || t, o = D == "textarea" && E.defaultValue != null ? null : o && _.call(u.childNodes), !c && o) for (T = {}, d = 0; d < t.attributes.length; d++) T[(b = t.attributes[d]).name] = b.value;
		for (d in T) b = T[d], d == "dangerouslySetInnerHTML" ? m = b : d == "children" || d in E || d == "value" && "defaultValue" in E || d == "checked" && "defaultChecked" in E || j(t, d, null, b, a);
		for (d in E) b = E[d], d == "children" ? v = b : d == "dangerouslySetInnerHTML" ? f = b : d == "value" ? x = b : d == "checked" ? S = b : c && typeof b != "function" || T[d] === b || j(t, d, b, T[d], a);
		f ? (c || m && (f.__html == m.__html || f.__html == t.innerHTML) || (t.innerHTML = f.__html), n.__k = []) : (m && (t.textContent = ""), (D == "foreignObject" || a == "http://www.w3.org/1998/Math/MathML" && h.test(D)) && (a = "http://www.w3.org/1999/xhtml"), ee(u, g(v) ? v : [v], n, r, i, a, o, s, o ? o[0] : r.__k && w(r, 0), c, l), o && o.some(y)), c && D != "textarea" || (d = "value", D == "progress" && x == null ? t.removeAttribute(d) : x == null || x === t[d] && (D != "progress" || x) || j(t, d, x, T[d], a), d = "checked", S != null && S != t[d] && j(t, d, S, T[d], a));
	} else T === E || c && t.data == E || (t.data = E);
	return t;
}
function F(t, n, r, i) {
	try {
		typeof t == "function" ? n ? n.__x = t(n) || 1 : (i &&= i.__c || i.__e) && (n = i.__x) && (i.__x = null, typeof n == "function" ? n() : t(null)) : t.current = n;
	} catch (t) {
		e.__e(t, r);
	}
}
function I(t, n, r) {
	var i, a, o, s;
	if (e.unmount && e.unmount(t), !(i = t.ref) || i.current && i.current != t.__e || F(i, null, n, t), i = t.__c) {
		if (i.componentWillUnmount) try {
			i.componentWillUnmount();
		} catch (t) {
			e.__e(t, n);
		}
		i.__P = i.__n = null;
	}
	if (i = t.__k) for (s = 0; s < i.length; s++) i[s] && I(i[s], n, typeof t.type != "function" || r && !t.props.__P);
	!r && (i = t.__c) && (i = i.__z) && (a = ae(i, o = [])) && (i == t.__e && o.some(y), y(a), y(i)), r || y(t.__e), t.__e = t.__c = t.__ = null;
}
function L(e, t, n) {
	return this.constructor(e, n);
}
function oe(t, n) {
	var r, i, a, o;
	e.__ && e.__(t, n), n.nodeType == 9 && (n = n.documentElement), i = (r = t && 32 & t.__u) ? null : n.__k, n.__k = x(S, { children: [t] }), a = [], o = [], ie(n, n.__k, i || p, p, n.namespaceURI, i ? null : n.firstChild ? _.call(n.childNodes) : null, a, i ? i.__e : n.firstChild, r, o), N(a, n.__k, o), n.__k.props.children = null;
}
function se(e) {
	function t(e) {
		var n, r;
		return this.getChildContext || (n = /* @__PURE__ */ new Set(), (r = {})[t.__c] = this, this.getChildContext = function() {
			return r;
		}, this.shouldComponentUpdate = function(e) {
			this.props.value != e.value && n.forEach(function(e) {
				e.__g |= 4, D(e);
			});
		}, this.sub = function(e) {
			n.add(e);
			var t = e.componentWillUnmount;
			e.componentWillUnmount = function() {
				n.delete(e), t && t.call(e);
			};
		}), e.children;
	}
	return t.__c = "__cC" + d++, t.__ = e, t.Provider = (t.Consumer = function(e, t) {
		return e.children(t);
	}).contextType = t, t;
}
e = { __e: function(e, t, n, r) {
	for (var i, o, s; t = t.__;) if ((i = t.__c) && !(1 & i.__g)) {
		i.__g |= 4;
		try {
			if ((s = (o = i.constructor) && o.getDerivedStateFromError) && i.setState(o.getDerivedStateFromError(e)), i.componentDidCatch && (i.componentDidCatch(e, r || {}), s = 1), s && 8 & i.__g) return void (i.__g |= 2);
		} catch (t) {
			e = t;
		}
	}
	throw a = 0, e;
} }, t = 0, n = function(e) {
	return e != null && e.constructor === f;
}, C.prototype.setState = function(e, t) {
	var n = this.__s;
	n && n != this.state || (n = this.__s = v({}, this.state)), typeof e == "function" && (e = e(v({}, n), this.props)), e && (v(n, e), this.__v && (t && this.__k.push(t), D(this)));
}, C.prototype.forceUpdate = function(e) {
	this.__v && (this.__g |= 4, e && this.__h.push(e), D(this));
}, C.prototype.render = S, r = [], a = 0, o = function(e, t) {
	return e.__v.__b - t.__v.__b;
}, s = Symbol(), c = /(PointerCapture)$|Capture$/i, l = 0, u = {}, d = 0;
// src/api/client.ts
var ce = class extends Error {
	kind;
	retryAfter;
	constructor(e, t, n = null) {
		super(t), this.kind = e, this.retryAfter = n, this.name = "ApiError";
	}
};
function le(e, t = async () => null) {
	function n(t, n) {
		let r = Object.entries(n).filter(([, e]) => e !== void 0 && e !== ""), i = new URLSearchParams(r.map(([e, t]) => [e, String(t)]));
		return `${e}/audit-logs${t}${r.length ? `?${i}` : ""}`;
	}
	async function r(e, t, n) {
		try {
			return await fetch(e, {
				headers: t === null ? {} : { Authorization: t },
				cache: "no-store",
				signal: n ?? null
			});
		} catch (e) {
			throw n?.aborted ? e : new ce("offline", e instanceof Error ? e.message : String(e));
		}
	}
	async function i(e, i, a) {
		let o = n(e, i), s = await t(), c = await r(o, s, a);
		if (c.status === 401 && s !== null) {
			let e = await t(s);
			e !== s && (c = await r(o, e, a));
		}
		if (!c.ok) throw await de(c);
		return c;
	}
	async function a(e, t, n) {
		let r = await i(e, t, n);
		try {
			return await r.json();
		} catch (e) {
			throw n?.aborted ? e : new ce("failed", "the response is not JSON");
		}
	}
	return {
		listEvents: (e, t) => a("", e, t),
		getEvent: (e, t, n) => a(`/${encodeURIComponent(e)}`, t, n),
		getProof: (e, t, n) => a(`/${encodeURIComponent(e)}/proof`, t, n),
		getStatistics: (e, t) => a("/stats", e, t),
		getMetrics: (e) => a("/metrics", {}, e),
		getLog: (e) => a("/log", {}, e),
		getCheckpoint: async (e) => (await i("/checkpoint", {}, e)).text(),
		getTile: async (e, t) => new Uint8Array(await (await i(`/tile/${e}`, {}, t)).arrayBuffer()),
		getAddress: n
	};
}
var ue = {
	400: "invalid",
	401: "signedOut",
	403: "forbidden",
	404: "notFound",
	429: "throttled",
	502: "unavailable",
	503: "unavailable",
	504: "unavailable"
};
async function de(e) {
	let t = `${e.status} ${e.statusText}`.trim();
	try {
		t = fe(await e.json()) ?? t;
	} catch {}
	let n = Number(e.headers.get("Retry-After")), r = Number.isFinite(n) && n > 0 ? n : null;
	return new ce(ue[e.status] ?? "failed", t, r);
}
function fe(e) {
	if (typeof e != "object" || !e) return null;
	let { error: t, message: n } = e;
	return typeof t?.message == "string" ? t.message : typeof n == "string" ? n : null;
}
// node_modules/preact/hooks/dist/hooks.mjs
var pe, R, me, he, ge = Object.is, _e = 0, ve = [], ye = [], z = e, B = z.__b, V = z.__r, be = z.diffed, xe = z.__c, Se = z.unmount, Ce = z.__;
function we(e, t) {
	z.__h && z.__h(R, e, _e || t), _e = 0;
	var n = R.__H || (R.__H = {
		__: [],
		__h: []
	});
	return e >= n.__.length && n.__.push({}), n.__[e];
}
function Te(e) {
	return _e = 1, Ee(Be, e);
}
function Ee(e, t, n) {
	var r = we(pe++, 2);
	if (r.t = e, !r.__c && (r.__ = [n ? n(t) : Be(void 0, t), function(e) {
		var t = (r.__N || r.__)[0], n = r.t(t, e);
		ge(t, n) || (r.__N = [n, r.__[1]], r.__c.setState({}));
	}], r.__c = R, !R.__f)) {
		R.__f = !0;
		var i = R.shouldComponentUpdate;
		R.shouldComponentUpdate = function(e, t, n) {
			var r = this.__H;
			if (!r) return !0;
			var a = !1, o = this.props != e;
			if (r.__.some(function(e) {
				e.__N && (a = !0, ge(e.__[0], e.__N[0]) || (o = !0));
			}), i) {
				var s = i.call(this, e, t, n);
				return a ? s || o : s;
			}
			return !a || o;
		};
	}
	return r.__;
}
function De(e, t) {
	var n = we(pe++, 3);
	!z.__s && ze(n.__H, t) && (n.__P = !0, n.__ = e, n.u = t, R.__H.__h.push(n));
}
function Oe(e, t) {
	var n = we(pe++, 4);
	!z.__s && ze(n.__H, t) && (n.__P = !1, n.__ = e, n.u = t, R.__h.push(n));
}
function ke(e) {
	return _e = 5, Ae(function() {
		return { current: e };
	}, []);
}
function Ae(e, t) {
	var n = we(pe++, 7);
	return ze(n.__H, t) && (n.__ = e(), n.__H = t), n.__;
}
function je(e) {
	var t = R.context[e.__c], n = we(pe++, 9);
	return n.c = e, t ? (n.__ ?? (n.__ = !0, t.sub(R)), t.props.value) : e.__;
}
function Me() {
	var e = we(pe++, 11);
	if (!e.__) {
		for (var t = R.__v; !t.__m && t.__;) t = t.__;
		var n = t.__m || (t.__m = [0, 0]);
		e.__ = "P" + n[0] + "-" + n[1]++;
	}
	return e.__;
}
function Ne() {
	var e;
	do {
		for (; e = ye.shift();) try {
			Le(e);
		} catch (t) {
			z.__e(t, { __: (e = e.__P) && e.__v });
		}
		for (; e = ve.shift();) {
			var t = e.__H;
			if (e.__P && t) try {
				t.__h.some(Le), t.__h.some(Re), t.__h = [];
			} catch (n) {
				t.__h = [], z.__e(n, e.__v);
			}
		}
	} while (ye.length);
}
z.__b = function(e) {
	R = null, B && B(e);
}, z.__ = function(e, t) {
	e && t.__k && t.__k.__m && (e.__m = t.__k.__m), Ce && Ce(e, t);
}, z.__r = function(e) {
	V && V(e), pe = 0;
	var t = (R = e.__c).__H;
	t && (me == R ? R.__h = [] : (t.__h.some(Le), t.__h.some(Re), pe = 0), t.__h = [], t.__.some(function(e) {
		e.__N && (e.__ = e.__N), e.u = e.__N = void 0;
	})), me = R;
}, z.diffed = function(e) {
	be && be(e);
	var t = e.__c;
	t && t.__H && (t.__H.__h.length && Ie(ve.push(t)), t.__H.__.some(function(e) {
		e.u && (e.__H = e.u);
	})), me = R = null;
}, z.__c = function(e, t) {
	t.some(function(e) {
		try {
			e.__h.some(Le), e.__h = e.__h.filter(function(e) {
				return !e.__ || Re(e);
			});
		} catch (t) {
			e.__h = [function() {
				throw t;
			}];
		}
	}), xe && xe(e, t);
}, z.unmount = function(e) {
	Se && Se(e);
	var t, n, r = e.__c;
	r && r.__H && (r.__H.__.some(function(r) {
		try {
			if (r.__P && r.__c) {
				if (n === void 0) {
					for (n = e.__; n && (!n.__c || !n.__c.__P);) n = n.__;
					n &&= n.__c;
				}
				r.__P = n, Ie(ye.push(r));
			} else Le(r);
		} catch (e) {
			t = e;
		}
	}), r.__H = void 0, t && z.__e(t, r.__v));
};
var Pe = typeof requestAnimationFrame == "function";
function Fe(e) {
	var t, n = function() {
		clearTimeout(r), Pe && cancelAnimationFrame(t), setTimeout(e);
	}, r = setTimeout(n, 35);
	Pe && (t = requestAnimationFrame(n));
}
function Ie(e) {
	e != 1 && he == z.requestAnimationFrame || ((he = z.requestAnimationFrame) || Fe)(Ne);
}
function Le(e) {
	var t = R, n = e.__c;
	typeof n == "function" && (e.__c = void 0, n()), R = t;
}
function Re(e) {
	var t = R;
	e.__c = e.__(), R = t;
}
function ze(e, t) {
	return !e || e.length != t.length || t.some(function(t, n) {
		return !ge(t, e[n]);
	});
}
function Be(e, t) {
	return typeof t == "function" ? t(e) : t;
}
// src/state/context.ts
var Ve = se(null);
function He() {
	let e = je(Ve);
	if (e === null) throw Error("the view is outside of a ContextProvider");
	return e;
}
// node_modules/@preact/signals-core/dist/signals-core.module.js
var Ue = Symbol.for("preact-signals");
function We() {
	if (Ye > 1) Ye--;
	else {
		var e, t = !1;
		for ((function() {
			var e = $e;
			for ($e = void 0; e !== void 0;) {
				var t = e.S;
				if (t.v === e.v) for (var n = t.t; n !== void 0; n = n.x) n.i === e.i && (n.i = t.i);
				e = e.o;
			}
		})(); Je !== void 0;) {
			var n = Je;
			for (Je = void 0, Xe++; n !== void 0;) {
				var r = n.u;
				if (n.u = void 0, n.f &= -3, !(8 & n.f) && it(n)) try {
					n.c();
				} catch (n) {
					t ||= (e = n, !0);
				}
				n = r;
			}
		}
		if (Xe = 0, Ye--, t) throw e;
	}
}
function Ge(e) {
	if (Ye > 0) return e();
	Qe = ++Ze, Ye++;
	try {
		return e();
	} finally {
		We();
	}
}
var Ke, H = void 0;
function qe(e) {
	var t = H, n = Ke;
	H = void 0, Ke = void 0;
	try {
		return e();
	} finally {
		H = t, Ke = n;
	}
}
var Je = void 0, Ye = 0, Xe = 0, Ze = 0, Qe = 0, $e = void 0, et = 0;
function tt(e) {
	if (H !== void 0) {
		var t = e.n;
		if (t === void 0 || t.t !== H) return t = {
			i: 0,
			S: e,
			p: H.s,
			n: void 0,
			t: H,
			e: void 0,
			x: void 0,
			r: t
		}, H.s !== void 0 && (H.s.n = t), H.s = t, e.n = t, 32 & H.f && e.S(t), t;
		if (t.i === -1) return t.i = 0, t.n !== void 0 && (t.n.p = t.p, t.p !== void 0 && (t.p.n = t.n), t.p = H.s, t.n = void 0, H.s.n = t, H.s = t), t;
	}
}
function nt(e, t) {
	this.v = e, this.i = 0, this.n = void 0, this.t = void 0, this.l = 0, this.W = t?.watched, this.Z = t?.unwatched, this.name = t?.name;
}
nt.prototype.brand = Ue, nt.prototype.h = function() {
	return !0;
}, nt.prototype.S = function(e) {
	var t = this, n = this.t;
	n !== e && e.e === void 0 && (e.x = n, this.t = e, n === void 0 ? qe(function() {
		var e;
		(e = t.W) == null || e.call(t);
	}) : n.e = e);
}, nt.prototype.U = function(e) {
	var t = this;
	if (this.t !== void 0) {
		var n = e.e, r = e.x;
		n !== void 0 && (n.x = r, e.e = void 0), r !== void 0 && (r.e = n, e.x = void 0), e === this.t && (this.t = r, r === void 0 && qe(function() {
			var e;
			(e = t.Z) == null || e.call(t);
		}));
	}
}, nt.prototype.subscribe = function(e) {
	var t = this;
	return pt(function() {
		var n = t.value;
		qe(function() {
			return e(n);
		});
	}, { name: "sub" });
}, nt.prototype.valueOf = function() {
	return this.value;
}, nt.prototype.toString = function() {
	return this.value + "";
}, nt.prototype.toJSON = function() {
	return this.value;
}, nt.prototype.peek = function() {
	var e = this;
	return qe(function() {
		return e.value;
	});
}, Object.defineProperty(nt.prototype, "value", {
	get: function() {
		var e = tt(this);
		return e !== void 0 && (e.i = this.i), this.v;
	},
	set: function(e) {
		if (e !== this.v) {
			if (Xe > 100) throw Error("Cycle detected");
			(function(e) {
				Ye !== 0 && Xe === 0 && e.l !== Qe && (e.l = Qe, $e = {
					S: e,
					v: e.v,
					i: e.i,
					o: $e
				});
			})(this), this.v = e, this.i++, et++, Ye++;
			try {
				for (var t = this.t; t !== void 0; t = t.x) t.t.N();
			} finally {
				We();
			}
		}
	}
});
function rt(e, t) {
	return new nt(e, t);
}
function it(e) {
	for (var t = e.s; t !== void 0; t = t.n) if (t.S.i !== t.i || !t.S.h() || t.S.i !== t.i) return !0;
	return !1;
}
function at(e) {
	for (var t = e.s; t !== void 0; t = t.n) {
		var n = t.S.n;
		if (n !== void 0 && (t.r = n), t.S.n = t, t.i = -1, t.n === void 0) {
			e.s = t;
			break;
		}
	}
}
function ot(e) {
	for (var t = e.s, n = void 0; t !== void 0;) {
		var r = t.p;
		t.i === -1 ? (t.S.U(t), r !== void 0 && (r.n = t.n), t.n !== void 0 && (t.n.p = r)) : n = t, t.S.n = t.r, t.r !== void 0 && (t.r = void 0), t = r;
	}
	e.s = n;
}
function st(e, t) {
	nt.call(this, void 0, t), this.x = e, this.s = void 0, this.g = et - 1, this.f = 4;
}
st.prototype = new nt(), st.prototype.h = function() {
	if (this.f &= -3, 1 & this.f) return !1;
	if ((36 & this.f) == 32 || (this.f &= -5, this.g === et)) return !0;
	if (this.g = et, this.f |= 1, this.i > 0 && !it(this)) return this.f &= -2, !0;
	var e = H;
	try {
		at(this), H = this;
		var t = this.x();
		(16 & this.f || this.v !== t || this.i === 0) && (this.v = t, this.f &= -17, this.i++);
	} catch (e) {
		this.v = e, this.f |= 16, this.i++;
	}
	return H = e, ot(this), this.f &= -2, !0;
}, st.prototype.S = function(e) {
	if (this.t === void 0) {
		this.f |= 36;
		for (var t = this.s; t !== void 0; t = t.n) t.S.S(t);
	}
	nt.prototype.S.call(this, e);
}, st.prototype.U = function(e) {
	if (this.t !== void 0 && (nt.prototype.U.call(this, e), this.t === void 0)) {
		this.f &= -33;
		for (var t = this.s; t !== void 0; t = t.n) t.S.U(t);
	}
}, st.prototype.N = function() {
	if (!(2 & this.f)) {
		this.f |= 6;
		for (var e = this.t; e !== void 0; e = e.x) e.t.N();
	}
}, Object.defineProperty(st.prototype, "value", { get: function() {
	if (1 & this.f) throw Error("Cycle detected");
	var e = tt(this);
	if (this.h(), e !== void 0 && (e.i = this.i), 16 & this.f) throw this.v;
	return this.v;
} });
function ct(e, t) {
	return new st(e, t);
}
function lt(e) {
	var t = e.j;
	if (e.j = void 0, typeof t == "function") {
		Ye++;
		var n = H;
		H = void 0;
		try {
			t();
		} catch (t) {
			throw e.f &= -2, e.f |= 8, ut(e), t;
		} finally {
			H = n, We();
		}
	}
}
function ut(e) {
	for (var t = e.s; t !== void 0; t = t.n) t.S.U(t);
	e.x = void 0, e.s = void 0, lt(e);
}
function dt(e) {
	if (H !== this) throw Error("Out-of-order effect");
	ot(this), H = e, this.f &= -2;
	try {
		8 & this.f && ut(this);
	} finally {
		We();
	}
}
function ft(e, t) {
	this.x = e, this.j = void 0, this.s = void 0, this.u = void 0, this.f = 32, this.name = t?.name, Ke && Ke.push(this);
}
ft.prototype.c = function() {
	var e = this.S();
	try {
		if (8 & this.f || this.x === void 0) return;
		var t = this.x();
		typeof t == "function" && (this.j = t);
	} finally {
		e();
	}
}, ft.prototype.S = function() {
	if (1 & this.f) throw Error("Cycle detected");
	this.f |= 1, this.f &= -9, lt(this), at(this), Ye++;
	var e = H;
	return H = this, dt.bind(this, e);
}, ft.prototype.N = function() {
	2 & this.f || (this.f |= 2, this.u = Je, Je = this);
}, ft.prototype.d = function() {
	this.f |= 8, 1 & this.f || ut(this);
}, ft.prototype.dispose = function() {
	this.d();
};
function pt(e, t) {
	var n = new ft(e, t);
	try {
		n.c();
	} catch (e) {
		throw n.d(), e;
	}
	var r = n.d.bind(n);
	return r[Symbol.dispose] = r, r;
}
// node_modules/@preact/signals/dist/signals.module.js
var mt, ht, gt, _t = typeof window < "u" && !!window.__PREACT_SIGNALS_DEVTOOLS__, vt = [], yt = [];
pt(function() {
	mt = this.N;
})();
function bt(t, n) {
	e[t] = n.bind(null, e[t] || function() {});
}
function xt(e) {
	if (gt) {
		var t = gt;
		gt = void 0, t();
	}
	gt = e && e.S();
}
function St(e) {
	var t = this, r = e.data, i = wt(r);
	i.name = "ReactiveDom", i.value = r;
	var a = Ae(function() {
		for (var e = t, r = t.__v; r = r.__;) if (r.__c) {
			r.__c.__$f |= 4;
			break;
		}
		var a = ct(function() {
			var e = i.value.value;
			return e === 0 ? 0 : !0 === e ? "" : e || "";
		}), o = ct(function() {
			return !Array.isArray(a.value) && !n(a.value);
		}), s = pt(function() {
			if (this.N = At, o.value) {
				var t = a.value;
				e.__v && e.__v.__e && e.__v.__e.nodeType === 3 && (e.__v.__e.data = t);
			}
		}), c = t.__$u.d;
		return t.__$u.d = function() {
			s(), c.call(this);
		}, [o, a];
	}, []), o = a[0], s = a[1];
	return o.value ? s.peek() : s.value;
}
St.displayName = "ReactiveTextNode", Object.defineProperties(nt.prototype, {
	constructor: {
		configurable: !0,
		value: b(S, null).constructor
	},
	type: {
		configurable: !0,
		value: St
	},
	props: {
		configurable: !0,
		get: function() {
			var e = this;
			return { data: { get value() {
				return e.value;
			} } };
		}
	},
	__b: {
		configurable: !0,
		value: 1
	}
}), bt("__b", function(e, t) {
	if (xt(), ht = void 0, typeof t.type == "string") {
		var n, r = t.props;
		for (var i in r) if (i !== "children") {
			var a = r[i];
			a instanceof nt && (n || (t.__np = n = {}), n[i] = a, r[i] = a.peek());
		}
	}
	e(t);
}), bt("__r", function(e, t) {
	if (e(t), t.type !== S) {
		xt();
		var n, r = t.__c;
		r && (r.__$f &= -2, (n = r.__$u) === void 0 && (r.__$u = n = function(e, t) {
			var n;
			return pt(function() {
				n = this;
			}, { name: t }), n.c = e, n;
		}(function(e) {
			return function() {
				var t;
				_t && ((t = this.y) == null || t.call(this)), e.__$f |= 1, e.setState({});
			};
		}(r), typeof t.type == "function" ? t.type.displayName || t.type.name : ""))), ht = r, xt(n);
	}
}), bt("__e", function(e, t, n, r) {
	xt(), ht = void 0, e(t, n, r);
}), bt("diffed", function(e, t) {
	xt(), ht = void 0;
	var n;
	if (typeof t.type == "string" && (n = t.__e)) {
		var r = t.__np, i = t.props, a = n.U;
		if (a) for (var o in a) {
			var s = a[o];
			s === void 0 || r && o in r || (s.d(), a[o] = void 0);
		}
		if (r) for (var c in a || (a = {}, n.U = a), r) {
			var l = a[c], u = r[c];
			l === void 0 ? (l = Ct(n, c, u, i), a[c] = l) : l.o(u, i);
		}
	}
	e(t);
});
function Ct(e, t, n, r) {
	var i = t in e && e.ownerSVGElement === void 0, a = rt(n);
	return {
		o: function(e, t) {
			a.value = e, r = t;
		},
		d: pt(function() {
			this.N = At;
			var n = a.value.value;
			r[t] !== n && (r[t] = n, i ? e[t] = n : n != null && (!1 !== n || t[4] === "-") ? e.setAttribute(t, n) : e.removeAttribute(t));
		})
	};
}
bt("unmount", function(e, t) {
	if (typeof t.type == "string") {
		var n = t.__e;
		if (n) {
			var r = n.U;
			if (r) for (var i in n.U = void 0, r) {
				var a = r[i];
				a && a.d();
			}
		}
		var o = t.__np;
		if (o) {
			var s = t.props;
			for (var c in o) s[c] = o[c];
		}
		t.__np = void 0;
	} else {
		var l = t.__c;
		if (l) {
			l.__$f |= 8;
			var u = l.__$u;
			u && (l.__$u = void 0, u.d());
		}
	}
	e(t);
}), bt("__h", function(e, t, n, r) {
	r < 3 && (t.__$f |= 2), e(t, n, r);
}), C.prototype.shouldComponentUpdate = function(e, t) {
	if (this.__R) return !0;
	var n = this.__$u, r = n && n.s !== void 0;
	for (var i in t) return !0;
	if (this.__f || typeof this.u == "boolean" && !0 === this.u) {
		var a = 2 & this.__$f;
		if (!(r || a || 4 & this.__$f) || 1 & this.__$f) return !0;
	} else if (!(r || 4 & this.__$f) || 3 & this.__$f) return !0;
	for (var o in e) if (o !== "__source" && e[o] !== this.props[o]) return !0;
	for (var s in this.props) if (!(s in e)) return !0;
	return !1;
};
function wt(e, t) {
	return Ae(function() {
		return rt(e, t);
	}, []);
}
var Tt = typeof requestAnimationFrame > "u" ? setTimeout : function(e) {
	var t = function() {
		clearTimeout(n), cancelAnimationFrame(r), e();
	}, n = setTimeout(t, 35), r = requestAnimationFrame(t);
}, Et = function(e) {
	queueMicrotask(function() {
		queueMicrotask(e);
	});
};
function Dt() {
	Ge(function() {
		for (var e; e = vt.shift();) mt.call(e);
	});
}
function Ot() {
	vt.push(this) === 1 && (e.requestAnimationFrame || Tt)(Dt);
}
function kt() {
	Ge(function() {
		for (var e; e = yt.shift();) mt.call(e);
	});
}
function At() {
	yt.push(this) === 1 && (e.requestAnimationFrame || Et)(kt);
}
function jt(e, t) {
	var n = ke(e);
	n.current = e;
	var r = ht;
	De(function() {
		return pt(function() {
			if (this.N = Ot, !(r && 8 & r.__$f)) return n.current();
		}, t);
	}, []);
}
// src/state/filters.ts
var Mt = [
	"userId",
	"action",
	"resourceType",
	"resourceId",
	"success",
	"requestId",
	"sessionId",
	"ipAddress"
], Nt = [
	"userId",
	"action",
	"resourceType"
], Pt = {
	"1h": 1,
	"24h": 24,
	"7d": 168,
	"30d": 720,
	"90d": 2160
}, Ft = {
	kind: "preset",
	preset: "30d"
}, It = 36e5;
function Lt(e, t) {
	switch (e.kind) {
		case "all": return {};
		case "fixed": return {
			startDate: e.start,
			endDate: (/* @__PURE__ */ new Date(Date.parse(e.end) - 1)).toISOString()
		};
		case "preset": return { startDate: (/* @__PURE__ */ new Date(t - Pt[e.preset] * It)).toISOString() };
	}
}
function Rt(e, t, n, r) {
	return {
		tenantId: e || void 0,
		...t,
		...Lt(n, r)
	};
}
// src/state/navigation.ts
var zt = {
	view: "trail",
	tenantId: "",
	filters: {},
	range: Ft,
	eventId: null
};
function Bt(e) {
	let t = new URLSearchParams();
	e.view !== zt.view && t.set("view", e.view), e.tenantId && t.set("tenantId", e.tenantId);
	for (let n of Mt) {
		let r = e.filters[n];
		r !== void 0 && t.set(n, r);
	}
	let { range: n } = e;
	n.kind === "all" && t.set("range", "all"), n.kind === "fixed" && (t.set("startDate", n.start), t.set("endDate", n.end)), n.kind === "preset" && JSON.stringify(n) !== JSON.stringify(zt.range) && t.set("range", n.preset), e.eventId !== null && t.set("event", e.eventId);
	let r = t.toString();
	return r && `?${r}`;
}
function Vt(e = {}) {
	let t = rt({
		...zt,
		...e
	});
	return {
		place: t,
		href: (e) => Bt({
			...t.value,
			...e
		}) || "?",
		go(e) {
			t.value = {
				...t.value,
				...e
			};
		}
	};
}
// src/state/preferences.ts
var Ht = {
	theme: "system",
	timeStyle: "absolute",
	columns: [
		"time",
		"actor",
		"action",
		"resource",
		"outcome",
		"ipAddress"
	],
	tenants: []
}, Ut = "prooftrail.preferences";
function Wt(e) {
	let t = rt(Kt(e)), n = !0;
	return pt(() => {
		let r = JSON.stringify(t.value);
		n ? n = !1 : Gt(e, r);
	}), t;
}
function Gt(e, t) {
	try {
		e?.setItem(Ut, t);
	} catch {}
}
function Kt(e) {
	try {
		let t = JSON.parse(e?.getItem(Ut) ?? "{}");
		return {
			...Ht,
			...t
		};
	} catch {
		return Ht;
	}
}
// src/style/index.css?inline
var qt = ":root,:host{--lightningcss-light:initial;--lightningcss-dark: ;color-scheme:light dark;--surface:var(--lightningcss-light,#fff)var(--lightningcss-dark,#14171c);--surface-raised:var(--lightningcss-light,#f6f7f9)var(--lightningcss-dark,#1b1f26);--surface-hover:var(--lightningcss-light,#eef1f5)var(--lightningcss-dark,#232933);--surface-selected:var(--lightningcss-light,#e3ecfb)var(--lightningcss-dark,#223250);--line:var(--lightningcss-light,#dde1e7)var(--lightningcss-dark,#2d343f);--line-strong:var(--lightningcss-light,#8a94a3)var(--lightningcss-dark,#6b7686);--text:var(--lightningcss-light,#1a1f27)var(--lightningcss-dark,#e6e9ee);--text-quiet:var(--lightningcss-light,#59636f)var(--lightningcss-dark,#a1abb9);--accent:var(--lightningcss-light,#1f5fbf)var(--lightningcss-dark,#7fb0ff);--accent-text:var(--lightningcss-light,#fff)var(--lightningcss-dark,#0d1420);--good:var(--lightningcss-light,#1a7340)var(--lightningcss-dark,#5fd08a);--good-surface:var(--lightningcss-light,#e5f4ea)var(--lightningcss-dark,#143222);--bad:var(--lightningcss-light,#b3261e)var(--lightningcss-dark,#ff8f85);--bad-surface:var(--lightningcss-light,#fcebe9)var(--lightningcss-dark,#401c1a);--warn:var(--lightningcss-light,#8a5300)var(--lightningcss-dark,#f0b429);--warn-surface:var(--lightningcss-light,#fdf3df)var(--lightningcss-dark,#3a2d10);--font:system-ui, -apple-system, \"Segoe UI\", Roboto, \"Noto Sans\", sans-serif;--font-mono:ui-monospace, SFMono-Regular, Menlo, Consolas, \"DejaVu Sans Mono\", monospace;--size-small:.75rem;--size:.8125rem;--size-large:1rem;--size-title:1.25rem;--space-1:.25rem;--space-2:.5rem;--space-3:.75rem;--space-4:1rem;--space-6:1.5rem;--radius:6px;--row-height:2.25rem}@media (prefers-color-scheme:dark){:root,:host{--lightningcss-light: ;--lightningcss-dark:initial}}:root[data-theme=light]{--lightningcss-light:initial;--lightningcss-dark: ;color-scheme:light}:root[data-theme=dark]{--lightningcss-light: ;--lightningcss-dark:initial;color-scheme:dark}*,:before,:after{box-sizing:border-box}body{background:var(--surface);color:var(--text);font:var(--size) / 1.5 var(--font);margin:0}h1,h2,h3{margin:0;font-weight:600;line-height:1.25}a{color:var(--accent)}button,input,select{font:inherit;color:inherit}button{cursor:pointer}code,pre{font-family:var(--font-mono)}:focus-visible{outline:2px solid var(--accent);outline-offset:1px}@media (prefers-reduced-motion:reduce){*,:before,:after{scroll-behavior:auto!important;transition:none!important;animation:none!important}}.skip{left:var(--space-2);padding:var(--space-2) var(--space-3);background:var(--surface);z-index:10;position:absolute;top:-3rem}.skip:focus{top:var(--space-2)}#console{flex-direction:column;height:100dvh;display:flex}.hidden{clip-path:inset(50%);white-space:nowrap;width:1px;height:1px;position:absolute;overflow:hidden}.bar{align-items:center;gap:var(--space-2) var(--space-4);padding:var(--space-2) var(--space-4);border-bottom:1px solid var(--line);background:var(--surface-raised);display:flex}.bar-name{align-items:baseline;gap:var(--space-2);min-width:0;display:flex}.bar-title{font-size:var(--size-large);white-space:nowrap}.bar-stack{min-width:0;max-width:16rem;color:var(--text-quiet);font-family:var(--font-mono);font-size:var(--size-small);text-overflow:ellipsis;white-space:nowrap;overflow:hidden}.bar-views{gap:var(--space-1);display:flex}.bar-views a{padding:var(--space-1) var(--space-3);border-radius:var(--radius);color:var(--text-quiet);text-decoration:none}.bar-views a:hover{background:var(--surface-hover)}.bar-views a[aria-current]{background:var(--surface-selected);color:var(--text);font-weight:600}.bar-tenant{align-items:center;gap:var(--space-2);min-width:0;margin-inline-start:auto;display:flex}.bar-label{color:var(--text-quiet)}.field{min-width:0;height:1.75rem;padding:0 var(--space-2);border:1px solid var(--line-strong);border-radius:var(--radius);background:var(--surface)}.field::placeholder{color:var(--text-quiet);opacity:1}.field:user-invalid{border-color:var(--bad)}.bar-tenant-input{width:11rem}@media (max-width:44rem){.bar{gap:var(--space-2);padding:var(--space-2) var(--space-3);grid-template-columns:minmax(0,1fr) auto;display:grid}.bar-name{grid-area:1/1}.bar-theme{grid-area:1/2}.bar-views{grid-area:2/1;gap:0}.bar-views a{padding-inline:var(--space-2)}.bar-tenant,.account{grid-area:2/2;justify-content:flex-end}.bar-tenant .bar-label{clip-path:inset(50%);width:1px;height:1px;position:absolute;overflow:hidden}.bar-tenant-input{width:8rem}}.content{outline:none;flex:1;min-height:0;overflow:auto}.button{min-height:1.75rem;padding:var(--space-1) var(--space-3);border:1px solid var(--line-strong);border-radius:var(--radius);background:var(--surface)}.button:hover{background:var(--surface-hover)}.state{align-items:center;gap:var(--space-1);max-width:36rem;padding:var(--space-6) var(--space-4);color:var(--text-quiet);text-align:center;overflow-wrap:anywhere;flex-direction:column;margin:0 auto;display:flex}.state p{margin:0}.state .state-title{color:var(--text);font-size:var(--size-large);font-weight:600}.state-loading{justify-content:center;gap:var(--space-2);flex-direction:row;animation:.2s .15s both state-appear}.state-spinner{border:2px solid var(--line);border-top-color:var(--accent);border-radius:50%;width:1rem;height:1rem;animation:.8s linear infinite state-turn}@keyframes state-appear{0%{opacity:0}}@keyframes state-turn{to{transform:rotate(1turn)}}.failure-sign{width:1.25rem;height:1.25rem;background:var(--bad-surface);color:var(--bad);font-size:var(--size);border-radius:50%;margin-inline-end:var(--space-2);line-height:1.25rem;display:inline-block}.failure-message{font-size:var(--size-small)}.failure-actions{justify-content:center;align-items:center;gap:var(--space-2) var(--space-3);margin-top:var(--space-2);flex-wrap:wrap;display:flex}.failure>.button{margin-top:var(--space-2)}.failure-countdown{font-variant-numeric:tabular-nums}.untrusted{white-space:pre-wrap;overflow-wrap:anywhere}.untrusted-line{white-space:pre}.untrusted-sign{background:var(--warn-surface);color:var(--warn);font:.9em var(--font-mono);border-radius:3px;padding:0 1px}.untrusted-steps{align-items:center;gap:var(--space-1) var(--space-2);margin-top:var(--space-1);color:var(--text-quiet);font:var(--size-small) / 1.5 var(--font);flex-wrap:wrap;display:flex}.untrusted-steps button,.copy-button{min-height:1.5rem;padding:0 var(--space-2);border:1px solid var(--line);border-radius:var(--radius);background:var(--surface-raised);color:var(--text);font-size:var(--size-small)}.untrusted-steps button:hover,.copy-button:hover{border-color:var(--line-strong);background:var(--surface-hover)}mark{background:var(--warn-surface);color:var(--warn);border-radius:2px;text-decoration:underline}.copy{align-items:center;gap:var(--space-1);flex-wrap:wrap;display:inline-flex}.copy-button{align-items:center;gap:var(--space-1);display:inline-flex}.copy-button[data-state=copied]{color:var(--good)}.copy-status{color:var(--text-quiet);font-size:var(--size-small)}.copy-text{border:1px solid var(--line-strong);border-radius:var(--radius);background:var(--surface);min-width:0;color:inherit;font:var(--size-small) / 1.4 var(--font-mono);flex-basis:100%}.toolbar{z-index:2;gap:var(--space-1);padding:var(--space-2) var(--space-4) 0;border-bottom:1px solid var(--line);background:var(--surface);flex-direction:column;display:flex;position:relative;container-type:inline-size}.toolbar-row{align-items:center;gap:var(--space-2);flex-wrap:wrap;display:flex}.toolbar-fold{display:none}.toolbar-hidden{clip-path:inset(50%);white-space:nowrap;width:1px;height:1px;position:absolute;overflow:hidden}.toolbar-hint,.toolbar-form-hint,.toolbar-form-problem{color:var(--text-quiet);font-size:var(--size-small);margin:0}.toolbar-form-problem{color:var(--bad)}.toolbar-button,.toolbar-button-main,.toolbar-button-quiet{min-height:1.75rem;padding:0 var(--space-3);border:1px solid var(--line);border-radius:var(--radius);background:var(--surface-raised);white-space:nowrap}.toolbar-button:hover,.toolbar-button[aria-expanded=true]{border-color:var(--line-strong);background:var(--surface-hover)}.toolbar-button:disabled{color:var(--text-quiet);cursor:default}.toolbar-button-main{border-color:var(--accent);background:var(--accent);color:var(--accent-text)}.toolbar-button-quiet{padding:0 var(--space-1);color:var(--accent);background:0 0;border-color:#0000}.toolbar-button-quiet:hover{text-decoration:underline}.toolbar-disclosure{min-width:0;display:inline-flex;position:relative}.toolbar-disclosure-panel{top:calc(100% + var(--space-1));z-index:5;width:22rem;max-width:calc(100cqw - var(--space-4));padding:var(--space-3);border:1px solid var(--line-strong);border-radius:var(--radius);background:var(--surface);position:absolute;left:0;box-shadow:0 6px 24px #0003}.toolbar-form{align-items:center;gap:var(--space-2) var(--space-3);grid-template-columns:auto 1fr;display:grid}.toolbar-form label{color:var(--text-quiet)}.toolbar-form input,.toolbar-form select{width:100%;min-width:0;min-height:2rem;padding:0 var(--space-2);border:1px solid var(--line-strong);border-radius:var(--radius);background:var(--surface)}.toolbar-form [aria-invalid=true]{border-color:var(--bad)}.toolbar-form-hint,.toolbar-form-problem{grid-column:1/-1}.toolbar-form-buttons{gap:var(--space-2);grid-column:1/-1;margin:0;display:flex}.toolbar-chips{align-items:center;gap:var(--space-1) var(--space-2);flex-wrap:wrap;flex:14rem;min-width:0;display:flex}.toolbar-chip{border:1px solid var(--line);border-radius:var(--radius);background:var(--surface-selected);max-width:100%;display:inline-flex}.toolbar-chip-invalid{border-color:var(--bad);background:var(--bad-surface)}.toolbar-chip-edit{gap:var(--space-1);min-width:0;min-height:1.625rem;padding:0 0 0 var(--space-2);border-radius:var(--radius) 0 0 var(--radius);white-space:nowrap;background:0 0;border:0;align-items:center;display:inline-flex}.toolbar-chip-name{color:var(--text-quiet)}.toolbar-chip-value{text-overflow:ellipsis;max-width:16rem;font-weight:600;overflow:hidden}.toolbar-chip-problem{color:var(--bad)}.toolbar-chip-remove{border-radius:0 var(--radius) var(--radius) 0;min-width:1.625rem;color:var(--text-quiet);background:0 0;border:0;padding:0}.toolbar-chip-edit:hover,.toolbar-chip-remove:hover{background:var(--surface-hover);color:var(--text)}.toolbar-segments{border:1px solid var(--line);border-radius:var(--radius);background:var(--surface-raised);flex-wrap:wrap;display:flex}.toolbar-segments>button,.toolbar-segments>.toolbar-disclosure>button{border-radius:calc(var(--radius) - 1px);white-space:nowrap;background:0 0;border:0;min-height:1.625rem;padding:0 .625rem}.toolbar-segments>button:hover,.toolbar-segments>.toolbar-disclosure>button:hover{background:var(--surface-hover)}.toolbar-segments>button[aria-pressed=true],.toolbar-segments>.toolbar-disclosure>button[aria-pressed=true]{background:var(--accent);color:var(--accent-text);font-weight:600}.toolbar-export-menu{gap:var(--space-2);display:grid}.toolbar-export-menu hr{border:0;border-top:1px solid var(--line);width:100%;margin:0}.toolbar-export-menu>.toolbar-button{text-align:left}.toolbar-export-status{justify-content:space-between;align-items:center;gap:var(--space-3);display:flex}.toolbar-export-status:not(:empty){margin-bottom:var(--space-2);padding:var(--space-1) var(--space-1) var(--space-1) var(--space-3);border-radius:var(--radius);background:var(--surface-raised)}.toolbar-export-status[data-kind=done]{background:var(--good-surface)}.toolbar-export-status[data-kind=failed]{background:var(--bad-surface)}.toolbar-histogram-legend{align-items:center;gap:0 var(--space-3);min-height:1.5rem;font-size:var(--size-small);font-variant-numeric:tabular-nums;flex-wrap:wrap;margin:0;display:flex}.toolbar-histogram-legend .toolbar-button-quiet{min-height:1.5rem}.toolbar-histogram-events{font-weight:600}.toolbar-histogram-quiet,.toolbar-histogram-ignored{color:var(--text-quiet)}.toolbar-histogram-key:before{width:.75rem;height:.75rem;margin-right:var(--space-1);content:\"\";vertical-align:-1px;border-radius:2px;display:inline-block}.toolbar-histogram-key-successful:before{background:color-mix(in srgb, var(--accent) 75%, var(--surface))}.toolbar-histogram-key-failed:before{background:repeating-linear-gradient(135deg, var(--bad) 0 3px, var(--surface) 3px 4.5px)}.toolbar-histogram-canvas{border-top:0 solid var(--line);outline:0 solid var(--bad);background:var(--surface);height:4.5rem;caret-color:var(--text-quiet);color:color-mix(in srgb, var(--accent) 75%, var(--surface));overflow:hidden}.toolbar-histogram[aria-busy=true] .toolbar-histogram-canvas{opacity:.5}.toolbar-histogram-failure{justify-content:space-between;align-items:center;gap:var(--space-3);min-height:3rem;margin-bottom:var(--space-2);padding:var(--space-1) var(--space-2) var(--space-1) var(--space-3);border-radius:var(--radius);background:var(--bad-surface);overflow-wrap:anywhere;display:flex}.toolbar-histogram-canvas .u-wrap{-webkit-user-select:none;user-select:none;position:relative}.toolbar-histogram-canvas :is(.u-over,.u-under,.u-select,.u-axis){position:absolute}.toolbar-histogram-canvas .u-over{cursor:crosshair}.toolbar-histogram-canvas .u-under{overflow:hidden}.toolbar-histogram-canvas canvas{width:100%;height:100%;display:block;position:relative}.toolbar-histogram-canvas .u-select{border:solid var(--accent);background:color-mix(in srgb, var(--accent) 20%, transparent);pointer-events:none;border-width:0 1px}.toolbar-histogram-canvas :is(.u-cursor-x,.u-cursor-y){pointer-events:none;position:absolute;top:0;left:0}.toolbar-histogram-canvas .u-cursor-x{border-right:1px dashed var(--line-strong);height:100%}.toolbar-histogram-canvas .u-off{display:none}@container (width<=44rem){.toolbar-fold{text-align:left;text-overflow:ellipsis;display:block;overflow:hidden}.toolbar-row{display:none}.toolbar-row-open{display:flex}.toolbar-chips,.toolbar-segments{flex-basis:100%}.toolbar-segments>button,.toolbar-segments>.toolbar-disclosure>button{flex:1 0 auto;padding:0 .375rem}.toolbar-histogram-canvas{height:3.5rem}}.statistics{gap:var(--space-4);max-width:100rem;padding:var(--space-3) var(--space-4) var(--space-6);flex-direction:column;margin:0 auto;display:flex;container-type:inline-size}.statistics-controls{align-items:center;gap:var(--space-2);flex-wrap:wrap;display:flex}.statistics-ranges{border:1px solid var(--line-strong);border-radius:var(--radius);display:flex;overflow:hidden}.statistics-ranges a{min-height:1.625rem;padding:.15rem var(--space-3);color:var(--text);text-decoration:none}.statistics-ranges a+a{border-inline-start:1px solid var(--line)}.statistics-ranges a:hover{background:var(--surface-hover)}.statistics-ranges a:focus-visible{outline-offset:-2px}.statistics-ranges a[aria-current]{background:var(--surface-selected);font-weight:600}.statistics-chip{align-items:center;gap:var(--space-1);max-width:100%;border:1px solid var(--line);border-radius:var(--radius);background:var(--surface-selected);white-space:nowrap;padding-inline-start:var(--space-2);display:inline-flex;overflow:hidden}.statistics-chip bdi{text-overflow:ellipsis;overflow:hidden}.statistics-chip button{background:0 0;border:0;min-width:1.625rem;min-height:1.625rem;padding:0}.statistics-chip button:hover{background:var(--surface-hover)}.statistics-reload{margin-inline-start:auto}.statistics-ignored{color:var(--warn);flex-basis:100%;margin:0}.statistics-results{gap:var(--space-6);flex-direction:column;transition:opacity .15s;display:flex}.statistics-stale{opacity:.55}.statistics-range{margin:0 0 calc(-1 * var(--space-4));color:var(--text-quiet);font-size:var(--size-small)}.statistics h3{font-size:var(--size)}.statistics-empty-links{gap:var(--space-4);padding-top:var(--space-2);display:flex}.totals-cards{border:1px solid var(--line);border-radius:var(--radius);grid-template-columns:repeat(4,minmax(0,1fr));display:grid}.card{min-width:0;padding:var(--space-3) var(--space-4)}.card+.card{border-inline-start:1px solid var(--line)}.statistics .card-label{color:var(--text-quiet);font-weight:400}.card-label a{color:inherit}.card-value,.card-change,.totals-before{margin:0}.card-value{font-variant-numeric:tabular-nums;font-size:1.5rem;font-weight:600;line-height:1.4}.card-change{color:var(--text-quiet);font-size:var(--size-small)}.card-change [data-mark=bad]{color:var(--bad)}.card-change [data-mark=good]{color:var(--good)}.totals-before{min-height:1.5rem;padding-top:var(--space-1);color:var(--text-quiet);font-size:var(--size-small)}.totals-before .button{margin-inline-start:var(--space-2)}.series-head{min-height:1.75rem;padding-bottom:var(--space-1);justify-content:space-between;align-items:center;display:flex}.series-intervals{display:flex}.series-interval{min-height:1.625rem;padding:0 var(--space-3);border:1px solid var(--line-strong);background:var(--surface)}.series-interval:first-child{border-radius:var(--radius) 0 0 var(--radius)}.series-interval:last-child{border-radius:0 var(--radius) var(--radius) 0;border-inline-start:0}.series-interval[aria-pressed=true]{background:var(--surface-selected);font-weight:600}.chart{margin:0}.chart-frame{border-bottom:0 solid var(--line);height:200px;color:var(--text-quiet)}.chart-frame .u-select{background:var(--accent);opacity:.2}.chart-frame .u-cursor-x{border-color:var(--line-strong)}.chart-legend{gap:var(--space-1) var(--space-4);min-height:1.25rem;font-size:var(--size-small);flex-wrap:wrap;padding-inline-start:44px;display:flex}.chart-good{color:var(--accent)}.chart-bad{color:var(--bad)}.chart-word{color:var(--text);font-variant-numeric:tabular-nums;margin-inline-start:var(--space-1)}.chart-hint{color:var(--text-quiet);margin-inline-start:auto}.series-table summary{width:-moz-fit-content;width:fit-content;min-height:1.5rem;color:var(--accent);cursor:pointer}.series-table table{border-collapse:collapse;font-variant-numeric:tabular-nums;width:100%;max-width:44rem}.series-table th,.series-table td{padding:.15rem var(--space-2);border-bottom:1px solid var(--line);text-align:end;font-weight:400}.series-table thead th{color:var(--text-quiet)}.series-table th:first-child{text-align:start;padding-inline-start:0}.statistics-breakdowns{align-items:start;gap:var(--space-6);grid-template-columns:repeat(3,minmax(0,1fr));display:grid}.statistics-breakdowns>*{min-width:0}.statistics .breakdown-title{padding-bottom:var(--space-1);border-bottom:1px solid var(--line)}.breakdown-count{color:var(--text-quiet);font-weight:400}.breakdown-note{margin:var(--space-1) 0;color:var(--text-quiet);font-size:var(--size-small)}.breakdown-rows{margin:0;padding:0;list-style:none}.breakdown>.button{margin-top:var(--space-2)}.breakdown-row{gap:0 var(--space-2);padding:var(--space-1) var(--space-1) .375rem;border-radius:var(--radius);color:var(--text);grid-template-columns:minmax(0,1fr) auto 3.25rem;text-decoration:none;display:grid}a.breakdown-row:hover{background:var(--surface-hover)}a.breakdown-row:hover .breakdown-name{text-decoration:underline}.breakdown-name{text-overflow:ellipsis;white-space:nowrap;overflow:hidden}.breakdown-number,.breakdown-share{font-variant-numeric:tabular-nums;text-align:end}.breakdown-share{color:var(--text-quiet)}.breakdown-track{background:var(--surface-raised);border-radius:3px;grid-area:2/1/auto/-1;height:.375rem}.breakdown-bar{background:var(--accent);border-radius:3px;min-width:2px;height:100%;display:block}.statistics-user{align-items:center;gap:var(--space-2);padding-top:var(--space-3);flex-wrap:wrap;display:flex}.statistics-user .field{flex:8rem}@container (width<=56rem){.statistics-breakdowns{grid-template-columns:repeat(2,minmax(0,1fr))}}@container (width<=36rem){.totals-cards,.statistics-breakdowns{grid-template-columns:minmax(0,1fr)}.totals-cards{grid-template-columns:repeat(2,minmax(0,1fr))}.card:nth-child(odd){border-inline-start:0}.card:nth-child(n+3){border-top:1px solid var(--line)}.statistics-ranges a{padding-inline:var(--space-2)}}.sign-in{gap:var(--space-3);margin-block-start:12vh}.sign-in .button{border-color:var(--accent);background:var(--accent);color:var(--accent-text);font-weight:600}.sign-in-problem{padding:var(--space-2) var(--space-3);border:1px solid var(--bad);border-radius:var(--radius);background:var(--bad-surface);color:var(--text)}.expired{align-items:center;gap:var(--space-2) var(--space-4);padding:var(--space-2) var(--space-4);border-bottom:1px solid var(--warn);background:var(--warn-surface);flex-wrap:wrap;display:flex}.expired-text{flex:16rem;margin:0}.account{align-items:center;gap:var(--space-3);min-width:0;margin-inline-start:auto;display:flex}.account-name{min-width:0;color:var(--text-quiet);text-overflow:ellipsis;white-space:nowrap;overflow:hidden}", Jt = Symbol.for("pv"), Yt = 0;
Array.isArray;
function U(t, n, r, i, a, o) {
	n ||= {};
	var s, c, l = n;
	if ("ref" in l && typeof t != "function") for (c in l = {}, n) c == "ref" ? s = n[c] : l[c] = n[c];
	var u = {
		type: t,
		props: l,
		key: r,
		ref: s,
		__k: null,
		__: null,
		__b: 0,
		__e: null,
		__c: null,
		constructor: Jt,
		__v: --Yt,
		__i: -1,
		__u: 0
	};
	return (a || o) && (u.__source = a, u.__self = o), e.vnode && e.vnode(u), u;
}
// src/views/event/verified.tsx
function Xt({ id: e, tenantId: t }) {
	return /* @__PURE__ */ U("section", {
		"data-id": e,
		"data-tenant": t
	});
}
// src/views/event/event.tsx
function Zt({ id: e, tenantId: t }) {
	return /* @__PURE__ */ U("aside", { children: [e, /* @__PURE__ */ U(Xt, {
		id: e,
		tenantId: t
	})] });
}
// src/views/trail/list.tsx
function Qt() {
	return /* @__PURE__ */ U("div", {});
}
// src/texts.ts
var W = {
	language: "en",
	title: "Audit trail",
	views: {
		trail: "Trail",
		statistics: "Statistics",
		health: "Health"
	},
	skip: "Skip to the content",
	viewsLabel: "Views",
	stack: "Stack",
	tenant: "Tenant",
	tenantRule: "1 to 64 letters, digits, dots, hyphens and underscores. Empty: the tenant `default`.",
	tenantOfToken: "The tenant of this session. It cannot be changed here.",
	ownTenant: "default",
	theme: {
		label: "Theme",
		system: "System theme",
		light: "Light",
		dark: "Dark"
	},
	failures: {
		offline: [
			"No connection",
			"The browser cannot reach the audit log.",
			"Check the network. The page tries again as soon as there is a connection."
		],
		signedOut: [
			"Signed out",
			"The session has ended.",
			"Sign in again to go on."
		],
		forbidden: [
			"No permission",
			"This identity may not read this.",
			"Choose another tenant, or ask whoever runs the audit log for access."
		],
		throttled: [
			"Too many requests",
			"The audit log asks to wait a moment.",
			"There is nothing to do: the page tries again by itself."
		],
		invalid: [
			"Not a valid request",
			"The audit log refused the request.",
			"Change the filters or the range; the text below says which value is not valid."
		],
		notFound: [
			"Not found",
			"There is nothing under this address.",
			"Check the tenant and the id. A new event can be read some seconds after it was sent."
		],
		unavailable: [
			"Not available",
			"The audit log cannot respond now. Nothing is lost.",
			"Try again in a moment."
		],
		failed: [
			"Something failed",
			"The audit log, or this page, has a fault.",
			"Try again. If it stays, the log of the function has the details."
		]
	},
	retry: "Try again",
	retryIn: (e) => `Tries again in ${e} s`,
	signInAgain: "Sign in",
	startAgain: "Run `prooftrail console` again, and use the address that it opens.",
	serverSays: "Message:",
	viewFailed: "This view has a fault",
	viewFailedAdvice: "Nothing in the audit log has changed. Load the view again, or choose another view.",
	reloadView: "Load the view again",
	loading: "Loading …",
	trail: {},
	filters: {
		region: "What is shown",
		label: "Filters",
		names: {
			userId: "User",
			action: "Action",
			resourceType: "Resource type",
			resourceId: "Resource id",
			success: "Outcome",
			requestId: "Request",
			sessionId: "Session",
			ipAddress: "Address"
		},
		hints: {
			userId: "The id of the user who acted",
			action: "An action, or a prefix and a star: user.*",
			resourceType: "The type of the resource",
			resourceId: "The id of the resource",
			success: "Whether the action succeeded",
			requestId: "The id of the audited request",
			sessionId: "The id of the session",
			ipAddress: "An IPv4 or IPv6 address"
		},
		outcomes: {
			true: "Succeeded",
			false: "Failed"
		},
		problems: {
			empty: "Enter a value.",
			tooLong: "At most 256 characters.",
			name: "Up to 128 letters, digits and . _ : / -, with a letter or digit first.",
			action: "Up to 128 letters, digits and . _ : / -, with a letter or digit first. A star can end it: user.*",
			outcome: "Choose succeeded or failed.",
			address: "Not an IPv4 or IPv6 address, such as 203.0.113.9 or 2001:db8::1."
		},
		add: "Filter",
		addTitle: "Add a filter",
		edit: (e) => `Change the filter: ${e}`,
		remove: (e) => `Remove the filter: ${e}`,
		notValid: "not valid",
		clear: "Clear all",
		field: "Field",
		value: "Value",
		choose: "Choose …",
		apply: "Apply",
		cancel: "Cancel",
		fold: (e, t) => `${e === 0 ? "No filter" : e === 1 ? "1 filter" : `${e} filters`}, ${t}`,
		slow: "No index covers these filters: every event of the range is read. A user, an exact action, or a resource’s type and id make it faster.",
		refused: "The audit log refused these filters:"
	},
	range: {
		label: "Time range",
		presets: {
			"1h": "1 h",
			"24h": "24 h",
			"7d": "7 d",
			"30d": "30 d",
			"90d": "90 d"
		},
		longPresets: {
			"1h": "Last hour",
			"24h": "Last 24 hours",
			"7d": "Last 7 days",
			"30d": "Last 30 days",
			"90d": "Last 90 days"
		},
		all: "All",
		longAll: "All time",
		custom: "Custom",
		customTitle: "Choose a time range",
		from: "From",
		to: "To",
		zone: (e) => `Times are in ${e}, the end excluded. The page’s address has them in UTC.`,
		missing: "Enter both times.",
		reversed: "The end must be after the start.",
		apply: "Apply",
		cancel: "Cancel"
	},
	histogram: {
		label: "Events over time",
		loading: "Counting …",
		events: (e) => `${e} events`,
		oneEvent: "1 event",
		succeeded: (e) => `${e} succeeded`,
		failed: (e) => `${e} failed`,
		interval: {
			hour: () => "by hour",
			day: (e) => e === 1 ? "by day (UTC)" : `by ${e} days (UTC)`
		},
		ignores: (e) => `The histogram ignores: ${e}`,
		empty: "No events in this range.",
		busiest: (e, t) => `Busiest: ${e} with ${t}.`,
		help: "Drag over the bars to choose a range, or click on one.",
		back: "Zoom out",
		table: {
			caption: "Events over time",
			start: "From",
			end: "To",
			succeeded: "Succeeded",
			failed: "Failed"
		},
		retry: "Try again"
	},
	exporting: {
		open: "Export",
		title: "Take this view along",
		ndjson: "Download as NDJSON",
		csv: "Download as CSV",
		curl: "Copy as curl",
		command: "Copy as command",
		diskNote: (e) => `All events of this view, at most ${e}.`,
		memoryNote: (e) => `All events of this view, at most ${e}: this browser keeps a download in memory. The copied command has no limit.`,
		csvNote: "A CSV cell that a spreadsheet could execute begins with an apostrophe. The column “position” is empty: only “prooftrail export” knows it.",
		tokenNote: "curl needs an ID token: export TOKEN=…",
		signNote: "On AWS, requests are signed: use awscurl --service execute-api and the stack’s ApiUrl. The command signs them itself.",
		progress: (e) => `Exporting: ${e} events`,
		cancel: "Cancel",
		done: (e) => `Exported ${e} events.`,
		limited: (e) => `Stopped after ${e} events, the limit. There are more: narrow the view, or copy the command.`,
		cancelled: "The export was cancelled. Nothing is kept.",
		unreadable: (e) => `${e} of them were changed or deleted in the store, and have only an id.`,
		failed: "The export failed:",
		close: "Close"
	},
	untrusted: {
		shown: (e, t, n) => `Characters ${e} to ${t} of ${n}`,
		more: "Show more",
		less: "Show less",
		next: "Next part",
		previous: "Previous part",
		other: "A character that cannot be seen",
		names: {
			"0000": "Null",
			"0007": "Bell",
			"0008": "Backspace",
			"0009": "Tab",
			"000A": "Line feed",
			"000D": "Carriage return",
			"001B": "Escape",
			"007F": "Delete",
			"00A0": "No-break space",
			"00AD": "Soft hyphen",
			"061C": "Arabic letter mark",
			"200B": "Zero width space",
			"200C": "Zero width non-joiner",
			"200D": "Zero width joiner",
			"200E": "Left-to-right mark",
			"200F": "Right-to-left mark",
			2028: "Line separator",
			2029: "Paragraph separator",
			"202A": "Left-to-right embedding",
			"202B": "Right-to-left embedding",
			"202C": "Pop directional formatting",
			"202D": "Left-to-right override",
			"202E": "Right-to-left override",
			2060: "Word joiner",
			2066: "Left-to-right isolate",
			2067: "Right-to-left isolate",
			2068: "First strong isolate",
			2069: "Pop directional isolate",
			FEFF: "Zero width no-break space"
		}
	},
	copy: {
		copied: "Copied",
		refused: "Copy the selected text"
	},
	event: {},
	verified: {},
	statistics: {
		rangeLabel: "Range",
		all: "All",
		reload: "Count again",
		filters: {
			userId: "User",
			action: "Action",
			resourceType: "Resource type",
			resourceId: "Resource",
			success: "Outcome",
			requestId: "Request",
			sessionId: "Session",
			ipAddress: "Address"
		},
		removeFilter: (e) => `Remove the filter ${e}`,
		ignored: (e) => `Statistics know the filters user, action and resource type. Not followed here: ${e.join(", ")}.`,
		counted: (e, t) => `Counted in whole hours: ${e} to ${t}`,
		totals: "Totals",
		total: "Events",
		succeeded: "Succeeded",
		failed: "Failed",
		failedOnTop: "Failed (on top)",
		rate: "Success rate",
		more: (e, t) => e === t ? `Show ${e} more` : `Show ${e} of ${t} more`,
		moreThanBefore: (e, t) => `${e} more${t ? ` (${t})` : ""}`,
		fewerThanBefore: (e, t) => `${e} fewer${t ? ` (${t})` : ""}`,
		same: "as many as before",
		sameRate: "as before",
		noRate: "nothing to compare with",
		points: (e, t) => `${e} points, was ${t}`,
		compared: (e, t) => e === t ? `Compared with as many hours before, on ${e}.` : `Compared with as many hours before, ${e} to ${t}.`,
		hourRuns: "The current hour is not over, so its events are not all counted.",
		notCompared: "There is no period before to compare with.",
		beforeFailed: "The period before could not be counted.",
		series: "Events over time",
		intervalLabel: "Interval",
		intervals: {
			hour: "Hour",
			day: "Day"
		},
		utcDay: (e) => `${e} (UTC)`,
		brush: "Drag over the chart to choose a range.",
		chartLabel: (e, t) => `Bar chart of the events over time. The most are at ${e}: ${t}. The table below has the numbers.`,
		asTable: "Show as a table",
		latestRows: (e, t) => `The latest ${e} of ${t} rows. Choose a shorter range for the others.`,
		byAction: "By action",
		byType: "By resource type",
		byUser: "By user",
		other: "(other): names that are too rare or too many to be counted one by one. They are in the totals.",
		sample: (e, t) => `Users of the latest ${e} events: the statistics do not count by user.` + (t ? ` ${t} of the events name no user.` : ""),
		oneUser: "Only the events of this user are counted.",
		everyUser: "Count the events of every user",
		countUser: "Count one user",
		userPlaceholder: "User id",
		count: "Count",
		emptyTitle: "No events in this range",
		emptyAdvice: "New events are counted within a minute. Events of other times and tenants are not shown here.",
		withoutFilters: "Remove the filters",
		allTime: "Count all time"
	},
	health: {},
	signIn: {
		title: "Sign in to read the audit log",
		explanation: "This page shows the events of your organisation. Your user pool asks who you are.",
		button: "Sign in",
		problems: {
			denied: ["Not signed in", "The user pool did not let you in. Try again, or ask who runs it."],
			foreign: ["Not signed in", "This sign-in did not begin in this tab. Nothing of it was used."],
			unreachable: ["Not signed in", "The user pool does not respond. Try again in a moment."],
			unsupported: ["Not signed in", "This browser cannot sign in here. The page needs HTTPS and cookies."]
		},
		expired: "Your session has ended.",
		expiredExplanation: "What is shown stays; for more, sign in again. You come back to this place.",
		again: "Sign in again",
		signOut: "Sign out"
	}
}, $t = /* @__PURE__ */ RegExp("(?!(?<=\\p{ExtPict})\\uFE0F|(?<=\\p{ExtPict}\\uFE0F?|\\p{EMod})\\u200D(?=\\p{ExtPict}))(?:[\\p{C}\\p{DI}\\p{Zl}\\p{Zp}\\u2800]|(?![ \\u3000])\\p{Zs}|(?<=\\p{M}{4})\\p{M})", "gu"), en = /^[\n\t]$/;
function tn(e, t, n) {
	let r = [], i = 0;
	for (let { 0: a, index: o } of e.matchAll($t)) (n || !en.test(a)) && (nn(r, e.slice(i, o), t), G(r, a, o === i), i = o + a.length);
	return nn(r, e.slice(i), t), r;
}
function nn(e, t, n) {
	let r = 0;
	if (n !== null) for (let { 0: i, index: a } of t.matchAll(n)) i && (a > r && e.push({
		kind: "text",
		text: t.slice(r, a)
	}), e.push({
		kind: "match",
		text: i
	}), r = a + i.length);
	r < t.length && e.push({
		kind: "text",
		text: t.slice(r)
	});
}
function G(e, t, n) {
	let r = (t.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0"), i = e.at(-1), a = n && i?.kind === "sign" && i.code === r, o = a ? i.count + 1 : 1;
	a && e.pop(), e.push({
		kind: "sign",
		code: r,
		count: o,
		text: o > 1 ? `⟨U+${r} ×${o}⟩` : `⟨U+${r}⟩`
	});
}
function K(e, t, n, r) {
	let i = rn(e, t, t + n, r);
	if (i >= e.length) return e.length;
	let a = e.slice(t, i + 64), o = an(a, i - t);
	return t + (o > 0 ? o : on(a, i - t));
}
function rn(e, t, n, r) {
	let i = t;
	for (let t = 0; t < r; t += 1) {
		let t = e.indexOf("\n", i);
		if (t < 0 || t >= n) return n;
		i = t + 1;
	}
	return i;
}
function an(e, t) {
	return "Segmenter" in Intl ? new Intl.Segmenter().segment(e).containing(t)?.index ?? t : on(e, t);
}
function on(e, t) {
	return /[\uD800-\uDBFF]/.test(e[t - 1] ?? "") && /[\uDC00-\uDFFF]/.test(e[t] ?? "") ? t - 1 : t;
}
// src/parts/untrusted.tsx
var sn = [
	{
		length: 500,
		lines: 20
	},
	{
		length: 5e3,
		lines: 200
	},
	{
		length: 1e4,
		lines: 400
	}
], q = {
	length: 200,
	lines: 3
};
function cn({ text: e, line: t = !1, pattern: n = null }) {
	if (!t) return /* @__PURE__ */ U(dn, {
		text: e,
		pattern: n
	});
	let r = K(e, 0, q.length, q.lines);
	return /* @__PURE__ */ U("bdi", {
		class: "untrusted-line",
		children: [/* @__PURE__ */ U(ln, {
			text: e.slice(0, r),
			pattern: n,
			isLine: !0
		}), r < e.length && "…"]
	});
}
function ln({ text: e, pattern: t, isLine: n = !1 }) {
	return /* @__PURE__ */ U(S, { children: tn(e, t, n).map((e, t) => e.kind === "text" ? e.text : e.kind === "match" ? /* @__PURE__ */ U("mark", { children: e.text }, t) : /* @__PURE__ */ U("span", {
		class: "untrusted-sign",
		title: un(e.code),
		children: e.text
	}, t)) });
}
function un(e) {
	let { names: t, other: n } = W.untrusted;
	return e in t ? t[e] : n;
}
function dn({ text: e, pattern: t }) {
	let [n, r] = Te(null), i = n?.text === e ? n : {
		text: e,
		starts: [0],
		step: 0
	}, a = i.starts.at(-1) ?? 0, { length: o, lines: s } = sn[i.step] ?? sn[0], c = K(e, a, o, s), l = a === 0 && c === e.length && i.step === 0;
	return /* @__PURE__ */ U(S, { children: [/* @__PURE__ */ U("bdi", {
		class: "untrusted",
		children: [
			a > 0 && "…",
			/* @__PURE__ */ U(ln, {
				text: e.slice(a, c),
				pattern: t
			}),
			c < e.length && "…"
		]
	}), !l && /* @__PURE__ */ U(fn, {
		part: i,
		start: a,
		end: c,
		onChange: r
	})] });
}
function fn({ part: e, start: t, end: n, onChange: r }) {
	let { text: i, starts: a, step: o } = e, s = new Intl.NumberFormat(), c = n === i.length, l = o === sn.length - 1;
	return /* @__PURE__ */ U("span", {
		class: "untrusted-steps",
		children: [
			/* @__PURE__ */ U("span", { children: W.untrusted.shown(s.format(t + 1), s.format(n), s.format(i.length)) }),
			!c && !l && /* @__PURE__ */ U("button", {
				type: "button",
				onClick: () => r({
					...e,
					step: o + 1
				}),
				children: W.untrusted.more
			}),
			!c && l && /* @__PURE__ */ U("button", {
				type: "button",
				onClick: () => r({
					...e,
					starts: [...a, n]
				}),
				children: W.untrusted.next
			}),
			t > 0 && /* @__PURE__ */ U("button", {
				type: "button",
				onClick: () => r({
					...e,
					starts: a.slice(0, -1)
				}),
				children: W.untrusted.previous
			}),
			o > 0 && /* @__PURE__ */ U("button", {
				type: "button",
				onClick: () => r({
					...e,
					starts: [0],
					step: 0
				}),
				children: W.untrusted.less
			})
		]
	});
}
// src/views/trail/toolbar/disclosure.tsx
var pn = 8;
function mn(e) {
	let { label: t, title: n, buttonTitle: r, buttonClass: i, pressed: a, onRemove: o, children: s } = e, [c, l] = Te(!1), u = ke(null), d = ke(null), f = () => {
		l(!1), d.current?.focus();
	};
	return gn(u, c, () => l(!1)), _n(u, e.shortcut, () => l(!0)), /* @__PURE__ */ U("span", {
		ref: u,
		class: "toolbar-disclosure",
		onKeyDown: (e) => {
			e.key === "Escape" && c && (e.stopPropagation(), f());
		},
		children: [/* @__PURE__ */ U("button", {
			ref: d,
			type: "button",
			class: i,
			"aria-expanded": c,
			"aria-haspopup": "dialog",
			"aria-pressed": a,
			"aria-label": r,
			onClick: () => l(!c),
			onKeyDown: (e) => {
				o && !c && ["Backspace", "Delete"].includes(e.key) && o();
			},
			children: t
		}), c && /* @__PURE__ */ U(hn, {
			title: n,
			isFocused: !0,
			children: s(f)
		})]
	});
}
function hn({ title: e, isFocused: t, children: n }) {
	let r = ke(null), [i, a] = Te(0);
	return Oe(() => {
		let e = r.current?.getBoundingClientRect(), t = r.current?.ownerDocument.documentElement.clientWidth ?? 0;
		e !== void 0 && a(Math.max(pn - e.left, Math.min(0, t - pn - e.right)));
	}, []), De(() => {
		t && r.current?.querySelector("input, select, button")?.focus();
	}, []), /* @__PURE__ */ U("div", {
		ref: r,
		class: "toolbar-disclosure-panel",
		role: "dialog",
		"aria-label": e,
		style: { marginLeft: `${i}px` },
		children: n
	});
}
function gn(e, t, n) {
	De(() => {
		let r = e.current;
		if (!t || r === null) return;
		let i = r.getRootNode(), a = (e) => {
			e.target instanceof Node && !r.contains(e.target) && n();
		};
		return i.addEventListener("pointerdown", a), () => i.removeEventListener("pointerdown", a);
	}, [t]);
}
function _n(e, t, n) {
	De(() => {
		let r = e.current?.getRootNode();
		if (t === void 0 || r === void 0) return;
		let i = (e) => {
			e instanceof KeyboardEvent && e.key === t && !e.defaultPrevented && (e.ctrlKey || e.metaKey || e.altKey || vn(e.target) || (e.preventDefault(), n()));
		};
		return r.addEventListener("keydown", i), () => r.removeEventListener("keydown", i);
	}, [t]);
}
var vn = (e) => e instanceof HTMLElement && e.matches("input, select, textarea, [contenteditable]"), yn = /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}$/, bn = /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,126}\*$/, xn = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])", Sn = RegExp(`^${xn}(?:\\.${xn}){3}(?::[0-9]{0,5})?$`), Cn = 256, wn = 64;
function Tn(e, t) {
	if (t === "") return "empty";
	switch (e) {
		case "action": return yn.test(t) || bn.test(t) ? null : "action";
		case "resourceType": return yn.test(t) ? null : "name";
		case "success": return t === "true" || t === "false" ? null : "outcome";
		case "ipAddress": return En(t) ? null : "address";
		default: return [...t].length <= Cn ? null : "tooLong";
	}
}
function En(e) {
	if (e.length > wn) return !1;
	let t = e.replace(/^ +| +$/g, "");
	if (Sn.test(t)) return !0;
	let n = (/^\[([^\]]*)\](?::[0-9]{0,5})?$/.exec(t)?.[1] ?? t).replace(/%[\s\S]*$/, "");
	return Sn.test(n) ? !n.includes(":") : /^[0-9A-Fa-f:.]+$/.test(n) && URL.canParse(`http://[${n}]/`);
}
function Dn(e) {
	let t = [...Nt, "success"];
	return Object.keys(e).filter((e) => !t.includes(e));
}
function On(e) {
	let { userId: t, action: n, resourceType: r, resourceId: i, success: a, ...o } = e, s = t !== void 0 || r !== void 0 && i !== void 0 || n !== void 0 && !n.endsWith("*") || a === "false", c = [
		n,
		r,
		i,
		...Object.values(o)
	];
	return !s && c.some((e) => e !== void 0);
}
// src/views/trail/toolbar/filter-form.tsx
function kn({ name: e, filters: t, suggestions: n, onApply: r, onCancel: i }) {
	let a = wt(e ?? Mt.find((e) => !t[e]) ?? "userId"), o = wt(t[a.value] ?? ""), s = wt(!1), c = Me(), l = s.value ? Tn(a.value, o.value) : null;
	return /* @__PURE__ */ U("form", {
		class: "toolbar-form",
		onSubmit: (e) => {
			e.preventDefault(), s.value = !0, Tn(a.value, o.value) === null && r(a.value, o.value);
		},
		noValidate: !0,
		children: [
			e === void 0 && /* @__PURE__ */ U(An, {
				id: `${c}-field`,
				name: a.value,
				onChange: (e) => {
					a.value = e, o.value = t[e] ?? (e === "success" ? "false" : ""), s.value = !1;
				}
			}),
			/* @__PURE__ */ U("label", {
				for: `${c}-value`,
				children: e ? W.filters.names[e] : W.filters.value
			}),
			/* @__PURE__ */ U(jn, {
				id: `${c}-value`,
				name: a.value,
				value: o.value,
				options: n.known.value[a.value] ?? [],
				describedBy: `${c}-hint`,
				isInvalid: l !== null,
				onChange: (e) => o.value = e
			}),
			/* @__PURE__ */ U("p", {
				id: `${c}-hint`,
				class: l ? "toolbar-form-problem" : "toolbar-form-hint",
				"aria-live": "polite",
				children: l ? `⚠ ${W.filters.problems[l]}` : W.filters.hints[a.value]
			}),
			/* @__PURE__ */ U("p", {
				class: "toolbar-form-buttons",
				children: [/* @__PURE__ */ U("button", {
					type: "submit",
					class: "toolbar-button-main",
					children: W.filters.apply
				}), /* @__PURE__ */ U("button", {
					type: "button",
					class: "toolbar-button",
					onClick: i,
					children: W.filters.cancel
				})]
			})
		]
	});
}
function An({ id: e, name: t, onChange: n }) {
	return /* @__PURE__ */ U(S, { children: [/* @__PURE__ */ U("label", {
		for: e,
		children: W.filters.field
	}), /* @__PURE__ */ U("select", {
		id: e,
		value: t,
		onChange: (e) => n(e.currentTarget.value),
		children: Mt.map((e) => /* @__PURE__ */ U("option", {
			value: e,
			children: W.filters.names[e]
		}, e))
	})] });
}
function jn({ id: e, name: t, value: n, options: r, describedBy: i, isInvalid: a, onChange: o }) {
	let s = {
		id: e,
		value: n,
		"aria-describedby": i,
		"aria-invalid": a
	};
	return t === "success" ? /* @__PURE__ */ U("select", {
		...s,
		onChange: (e) => o(e.currentTarget.value),
		children: ["false", "true"].map((e) => /* @__PURE__ */ U("option", {
			value: e,
			children: W.filters.outcomes[e]
		}, e))
	}) : /* @__PURE__ */ U(S, { children: [/* @__PURE__ */ U("input", {
		...s,
		type: "text",
		list: `${e}-options`,
		autocomplete: "off",
		autocapitalize: "off",
		spellcheck: !1,
		onInput: (e) => o(e.currentTarget.value)
	}), /* @__PURE__ */ U("datalist", {
		id: `${e}-options`,
		children: r.map((e) => /* @__PURE__ */ U("option", { value: e }, e))
	})] });
}
// src/views/trail/toolbar/chips.tsx
function Mn({ suggestions: e }) {
	let { navigation: t } = He(), { filters: n } = t.place.value, r = ke(null), i = (r, i) => {
		e.use(r, i), t.go({ filters: {
			...n,
			[r]: i
		} });
	}, a = (e) => {
		let i = Object.entries(n).filter(([t]) => e(t));
		t.go({ filters: Object.fromEntries(i) }), r.current?.querySelector(".toolbar-chips-add")?.focus();
	}, o = Mt.filter((e) => n[e] !== void 0);
	return /* @__PURE__ */ U("div", {
		ref: r,
		class: "toolbar-chips",
		role: "group",
		"aria-label": W.filters.label,
		children: [
			o.map((t) => /* @__PURE__ */ U(Nn, {
				name: t,
				filters: n,
				suggestions: e,
				onApply: i,
				onRemove: () => a((e) => e !== t)
			}, t)),
			/* @__PURE__ */ U(mn, {
				title: W.filters.addTitle,
				buttonTitle: W.filters.addTitle,
				buttonClass: "toolbar-button toolbar-chips-add",
				shortcut: "/",
				label: /* @__PURE__ */ U(S, { children: [
					/* @__PURE__ */ U("span", {
						"aria-hidden": "true",
						children: "+"
					}),
					" ",
					W.filters.add
				] }),
				children: (t) => /* @__PURE__ */ U(kn, {
					filters: n,
					suggestions: e,
					onCancel: t,
					onApply: (e, n) => {
						i(e, n), t();
					}
				})
			}),
			o.length > 1 && /* @__PURE__ */ U("button", {
				type: "button",
				class: "toolbar-button-quiet",
				onClick: () => a(() => !1),
				children: W.filters.clear
			})
		]
	});
}
function Nn({ name: e, filters: t, suggestions: n, onApply: r, onRemove: i }) {
	let a = t[e] ?? "", o = W.filters.names[e], s = Tn(e, a);
	return /* @__PURE__ */ U("span", {
		class: s ? "toolbar-chip toolbar-chip-invalid" : "toolbar-chip",
		children: [/* @__PURE__ */ U(mn, {
			title: W.filters.edit(o),
			buttonClass: "toolbar-chip-edit",
			onRemove: i,
			label: /* @__PURE__ */ U(S, { children: [
				/* @__PURE__ */ U("span", {
					class: "toolbar-chip-name",
					children: o
				}),
				" ",
				/* @__PURE__ */ U("span", {
					class: "toolbar-chip-value",
					children: /* @__PURE__ */ U(cn, {
						text: Pn(e, a),
						line: !0
					})
				}),
				s && /* @__PURE__ */ U("span", {
					class: "toolbar-chip-problem",
					children: [" ⚠ ", W.filters.notValid]
				})
			] }),
			children: (i) => /* @__PURE__ */ U(kn, {
				name: e,
				filters: t,
				suggestions: n,
				onCancel: i,
				onApply: (t, n) => {
					r(e, n), i();
				}
			})
		}), /* @__PURE__ */ U("button", {
			type: "button",
			class: "toolbar-chip-remove",
			"aria-label": W.filters.remove(o),
			onClick: i,
			children: /* @__PURE__ */ U("span", {
				"aria-hidden": "true",
				children: "×"
			})
		})]
	});
}
function Pn(e, t) {
	let n = W.filters.outcomes;
	return e === "success" ? n[t] ?? t : t;
}
// src/parts/copy.tsx
var Fn = 2e3;
function In({ text: e, label: t }) {
	let [n, r] = Te("ready"), i = () => typeof e == "string" ? e : e();
	De(() => {
		if (n !== "copied") return;
		let e = setTimeout(() => r("ready"), Fn);
		return () => clearTimeout(e);
	}, [n]);
	let a = async () => {
		try {
			await navigator.clipboard.writeText(i()), r("copied");
		} catch {
			r("refused");
		}
	};
	return /* @__PURE__ */ U("span", {
		class: "copy",
		children: [
			/* @__PURE__ */ U("button", {
				type: "button",
				class: "copy-button",
				"data-state": n,
				onClick: () => void a(),
				children: [/* @__PURE__ */ U("span", {
					"aria-hidden": "true",
					children: n === "copied" ? "✓" : "⧉"
				}), t]
			}),
			/* @__PURE__ */ U("span", {
				class: "copy-status",
				role: "status",
				children: n === "ready" ? "" : W.copy[n]
			}),
			n === "refused" && /* @__PURE__ */ U(Ln, {
				text: i(),
				label: t,
				onLeave: () => r("ready")
			})
		]
	});
}
function Ln({ text: e, label: t, onLeave: n }) {
	let r = ke(null);
	return De(() => r.current?.select(), []), /* @__PURE__ */ U("textarea", {
		ref: r,
		class: "copy-text",
		readOnly: !0,
		rows: 2,
		"aria-label": t,
		value: e,
		onBlur: n
	});
}
// src/views/trail/toolbar/commands.ts
var Rn = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u, zn = /^[A-Za-z0-9_@%+:,./-]+$/;
function Bn(e) {
	return zn.test(e) ? e : Rn.test(e) ? `$'${[...e].map((e) => e === "\\" || e === "'" ? `\\${e}` : Rn.test(e) ? `\\U${(e.codePointAt(0) ?? 0).toString(16).padStart(8, "0")}` : e).join("")}'` : `'${e.replaceAll("'", "'\\''")}'`;
}
function Vn(e, t) {
	return `curl${t ? " -H \"Authorization: $TOKEN\"" : ""} ${Bn(e)}`;
}
var Hn = {
	userId: "--user",
	action: "--action",
	resourceType: "--resource-type",
	resourceId: "--resource-id",
	requestId: "--request-id",
	sessionId: "--session-id",
	ipAddress: "--ip-address"
};
function Un({ tenantId: e, filters: t, range: n, stack: r }) {
	let i = ["prooftrail", "query"], a = (e, t) => i.push(`${e}=${Bn(t)}`);
	e && a("--tenant", e);
	for (let [e, n] of Object.entries(Hn)) {
		let r = t[e];
		r !== void 0 && a(n, r);
	}
	return t.success !== void 0 && i.push(t.success === "true" ? "--success" : "--failure"), n.kind === "preset" && a("--since", `${Pt[n.preset]}h`), n.kind === "fixed" && (a("--since", n.start), a("--until", (/* @__PURE__ */ new Date(Date.parse(n.end) - 1)).toISOString())), i.push("--all"), r && a("--stack", r), i.join(" ");
}
// src/views/trail/toolbar/csv.ts
var Wn = [
	"position",
	"id",
	"digest",
	"receivedAt",
	"submittedBy",
	"eventId",
	"timestamp",
	"tenantId",
	"userId",
	"username",
	"action",
	"resourceType",
	"resourceId",
	"success",
	"ipAddress",
	"userAgent",
	"sessionId",
	"requestId",
	"errorMessage",
	"details",
	"metadata",
	"changes"
], Gn = "'", Kn = [
	"=",
	"+",
	"-",
	"@"
], qn = /^[\p{C}\p{Z}]$/u;
function Jn(e) {
	return Yn(e) ? Gn + e : e;
}
function Yn(e) {
	if (/^['\t\r\n]/.test(e)) return !0;
	for (let t of e) if (!qn.test(t)) return [...t.normalize("NFKC")].some((e) => Kn.includes(e));
	return !1;
}
function Xn(e) {
	return e == null ? "" : `"${Jn(typeof e == "object" ? er(e) : String(e)).replaceAll("\"", "\"\"")}"`;
}
var Zn = (e) => `${e.map(Xn).join(",")}\r\n`, Qn = Zn(Wn);
function $n(e) {
	let t = e;
	return Zn(Wn.map((e) => e === "position" ? void 0 : t[e]));
}
function er(e) {
	return typeof e != "object" || !e ? JSON.stringify(e) : Array.isArray(e) ? `[${e.map(er).join(",")}]` : `{${Object.entries(e).sort(([e], [t]) => e < t ? -1 : 1).map(([e, t]) => `${JSON.stringify(e)}:${er(t)}`).join(",")}}`;
}
// src/views/trail/toolbar/export.ts
var tr = 1e5, nr = 1e6, rr = 1e3, ir = 6, ar = 2;
async function or(e) {
	try {
		let t = await sr(e);
		return e.signal.throwIfAborted(), await e.sink.finish(), t;
	} catch (t) {
		throw await e.sink.discard().catch(() => void 0), t;
	}
}
async function sr(e) {
	let { format: t, sink: n, onProgress: r } = e, i = t === "csv" ? $n : cr;
	t === "csv" && await n.write(Qn);
	let a = {
		events: 0,
		unreadable: 0
	}, o;
	do {
		let t = Math.min(rr, n.maxEvents - a.events), s = await lr(e, {
			...e.query,
			limit: t,
			cursor: o
		});
		await n.write(s.items.map(i).join("")), a = {
			events: a.events + s.items.length,
			unreadable: a.unreadable + s.items.filter((e) => "unreadable" in e).length
		}, r(a), o = s.nextCursor ?? void 0;
	} while (o !== void 0 && a.events < n.maxEvents);
	return {
		...a,
		isComplete: o === void 0
	};
}
var cr = (e) => `${JSON.stringify(e)}\n`;
async function lr({ api: e, signal: t }, n) {
	for (let r = 1;; r += 1) try {
		return await e.listEvents(n, t);
	} catch (e) {
		if (!(e instanceof ce && (e.kind === "throttled" || e.kind === "unavailable")) || r === ir) throw e;
		await ur((e.retryAfter ?? ar) * 1e3, t);
	}
}
async function ur(e, t) {
	return t.throwIfAborted(), new Promise((n, r) => {
		let i = () => {
			clearTimeout(a), r(t.reason);
		}, a = setTimeout(() => {
			t.removeEventListener("abort", i), n();
		}, e);
		t.addEventListener("abort", i, { once: !0 });
	});
}
// src/views/trail/toolbar/labels.ts
function dr(e) {
	return e.kind === "all" ? W.range.longAll : e.kind === "preset" ? W.range.longPresets[e.preset] : fr(Date.parse(e.start), Date.parse(e.end));
}
function fr(e, t, n) {
	let r = new Date(e).getFullYear() === (/* @__PURE__ */ new Date()).getFullYear();
	return new Intl.DateTimeFormat(void 0, {
		...r ? {} : { year: "numeric" },
		month: "short",
		day: "numeric",
		hour: "2-digit",
		minute: "2-digit",
		hourCycle: "h23",
		timeZone: n
	}).formatRange(e, t);
}
function pr(e, t) {
	return new Intl.DateTimeFormat(void 0, {
		weekday: "short",
		month: "short",
		day: "numeric",
		timeZone: "UTC"
	}).formatRange(e, t - 1);
}
function mr() {
	let e = new Intl.DateTimeFormat(void 0, { timeZoneName: "shortOffset" }), t = e.formatToParts().find(({ type: e }) => e === "timeZoneName")?.value, n = e.resolvedOptions().timeZone;
	return t === void 0 || t === n ? n : `${n} (${t})`;
}
var hr = (e) => new Intl.NumberFormat().format(e);
// src/views/trail/toolbar/export-menu.tsx
function gr({ exports: e }) {
	let { api: t, navigation: n, settings: r } = He(), { tenantId: i, filters: a, range: o } = n.place.value, s = () => Rt(i, a, o, Date.now()), c = r.signIn !== void 0, l = () => Vn(new URL(t.getAddress("", s()), window.location.href).href, c), u = e.state.value?.kind === "running", d = "showSaveFilePicker" in window;
	return /* @__PURE__ */ U(mn, {
		title: W.exporting.title,
		buttonClass: "toolbar-button",
		label: /* @__PURE__ */ U(S, { children: [W.exporting.open, " ▾"] }),
		children: (t) => /* @__PURE__ */ U("div", {
			class: "toolbar-export-menu",
			children: [
				["ndjson", "csv"].map((n) => /* @__PURE__ */ U("button", {
					type: "button",
					class: "toolbar-button",
					disabled: u,
					onClick: () => {
						t(), e.start(s(), n);
					},
					children: ["↓ ", W.exporting[n]]
				}, n)),
				/* @__PURE__ */ U("p", {
					class: "toolbar-form-hint",
					children: [
						d ? W.exporting.diskNote(hr(nr)) : W.exporting.memoryNote(hr(tr)),
						" ",
						W.exporting.csvNote
					]
				}),
				/* @__PURE__ */ U("hr", {}),
				/* @__PURE__ */ U(In, {
					label: W.exporting.curl,
					text: l
				}),
				/* @__PURE__ */ U(In, {
					label: W.exporting.command,
					text: () => Un({
						tenantId: i,
						filters: a,
						range: o,
						stack: r.stack
					})
				}),
				/* @__PURE__ */ U("p", {
					class: "toolbar-form-hint",
					children: c ? W.exporting.tokenNote : W.exporting.signNote
				})
			]
		})
	});
}
// src/views/trail/toolbar/sinks.ts
var _r = {
	csv: "text/csv",
	ndjson: "application/x-ndjson"
};
async function vr(e, t) {
	let n = window;
	if (n.showSaveFilePicker === void 0) return br(e, t);
	try {
		return yr(await (await n.showSaveFilePicker({ suggestedName: e })).createWritable());
	} catch (n) {
		return n instanceof DOMException && n.name === "AbortError" ? null : br(e, t);
	}
}
function yr(e) {
	return {
		maxEvents: nr,
		write: (t) => e.write(t),
		finish: () => e.close(),
		discard: () => e.abort()
	};
}
function br(e, t) {
	let n = [];
	return {
		maxEvents: tr,
		write: async (e) => {
			n.push(e);
		},
		finish: async () => {
			let r = URL.createObjectURL(new Blob(n, { type: _r[t] })), i = document.createElement("a");
			i.href = r, i.download = e, i.click(), setTimeout(() => URL.revokeObjectURL(r), 6e4);
		},
		discard: async () => {
			n = [];
		}
	};
}
// src/views/trail/toolbar/export-state.ts
function xr(e) {
	let t = rt(null);
	async function n(n, r) {
		let i = await vr(`audit-events-${(/* @__PURE__ */ new Date()).toISOString().slice(0, 10)}.${r}`, r);
		if (i === null) return;
		let a = new AbortController(), o = (e) => {
			t.value = {
				kind: "running",
				progress: e,
				cancel: () => a.abort()
			};
		};
		o({
			events: 0,
			unreadable: 0
		});
		try {
			let { signal: s } = a, c = await or({
				api: e,
				query: n,
				format: r,
				sink: i,
				signal: s,
				onProgress: o
			});
			t.value = {
				kind: "done",
				result: c
			};
		} catch (e) {
			t.value = a.signal.aborted ? { kind: "cancelled" } : {
				kind: "failed",
				error: e
			};
		}
	}
	return {
		state: t,
		start: n,
		dismiss: () => {
			t.value = null;
		}
	};
}
// src/views/trail/toolbar/export-status.tsx
function Sr({ exports: e }) {
	let t = e.state.value;
	return /* @__PURE__ */ U("div", {
		class: "toolbar-export-status",
		role: "status",
		"data-kind": t?.kind,
		children: t && /* @__PURE__ */ U(S, { children: [/* @__PURE__ */ U("span", { children: Cr(t) }), t.kind === "running" ? /* @__PURE__ */ U("button", {
			type: "button",
			class: "toolbar-button",
			onClick: t.cancel,
			children: W.exporting.cancel
		}) : /* @__PURE__ */ U("button", {
			type: "button",
			class: "toolbar-button",
			onClick: e.dismiss,
			children: W.exporting.close
		})] })
	});
}
function Cr(e) {
	switch (e.kind) {
		case "running": return W.exporting.progress(hr(e.progress.events));
		case "cancelled": return W.exporting.cancelled;
		case "failed": return `⚠ ${W.exporting.failed} ${wr(e.error)}`;
		case "done": {
			let { events: t, unreadable: n, isComplete: r } = e.result, i = r ? W.exporting.done : W.exporting.limited, a = n > 0 ? ` ${W.exporting.unreadable(hr(n))}` : "";
			return `${r ? "✓" : "⚠"} ${i(hr(t))}${a}`;
		}
	}
}
function wr(e) {
	return e instanceof ce && e.kind !== "invalid" ? W.failures[e.kind].join(": ") : e instanceof Error ? e.message : String(e);
}
// node_modules/uplot/dist/uPlot.esm.js
var Tr = !0, Er = "uplot", Dr = "u-hz", Or = "u-vt", kr = "u-title", Ar = "u-wrap", jr = "u-under", Mr = "u-over", Nr = "u-axis", Pr = "u-off", Fr = "u-select", Ir = "u-cursor-x", Lr = "u-cursor-y", Rr = "u-cursor-pt", zr = "u-legend", Br = "u-live", Vr = "u-inline", Hr = "u-series", Ur = "u-marker", Wr = "u-label", Gr = "u-value", Kr = "width", qr = "height", Jr = "top", Yr = "bottom", Xr = "left", Zr = "right", Qr = "#000", $r = "#0000", ei = "mousemove", ti = "mousedown", ni = "mouseup", ri = "mouseenter", ii = "mouseleave", ai = "dblclick", oi = "resize", si = "scroll", ci = "change", li = "dppxchange", ui = "--", di = typeof window < "u", fi = di ? document : null, pi = di ? window : null, mi = di ? navigator : null, J, hi;
function gi() {
	let e = devicePixelRatio;
	J != e && (J = e, hi && Ai(ci, hi, gi), hi = matchMedia(`(min-resolution: ${J - .001}dppx) and (max-resolution: ${J + .001}dppx)`), ki(ci, hi, gi), pi.dispatchEvent(new CustomEvent(li)));
}
function _i(e, t) {
	if (t != null) {
		let n = e.classList;
		!n.contains(t) && n.add(t);
	}
}
function vi(e, t) {
	let n = e.classList;
	n.contains(t) && n.remove(t);
}
function Y(e, t, n) {
	e.style[t] = n + "px";
}
function yi(e, t, n, r) {
	let i = fi.createElement(e);
	return t != null && _i(i, t), n?.insertBefore(i, r), i;
}
function bi(e, t) {
	return yi("div", e, t);
}
var xi = /* @__PURE__ */ new WeakMap();
function Si(e, t, n, r, i) {
	let a = "translate(" + t + "px," + n + "px)";
	a != xi.get(e) && (e.style.transform = a, xi.set(e, a), t < 0 || n < 0 || t > r || n > i ? _i(e, Pr) : vi(e, Pr));
}
var Ci = /* @__PURE__ */ new WeakMap();
function wi(e, t, n) {
	let r = t + n;
	r != Ci.get(e) && (Ci.set(e, r), e.style.background = t, e.style.borderColor = n);
}
var Ti = /* @__PURE__ */ new WeakMap();
function Ei(e, t, n, r) {
	let i = t + "" + n;
	i != Ti.get(e) && (Ti.set(e, i), e.style.height = n + "px", e.style.width = t + "px", e.style.marginLeft = r ? -t / 2 + "px" : 0, e.style.marginTop = r ? -n / 2 + "px" : 0);
}
var Di = { passive: !0 }, Oi = {
	...Di,
	capture: !0
};
function ki(e, t, n, r) {
	t.addEventListener(e, n, r ? Oi : Di);
}
function Ai(e, t, n, r) {
	t.removeEventListener(e, n, Di);
}
di && gi();
function ji(e, t, n, r) {
	let i;
	n ||= 0, r ||= t.length - 1;
	let a = r <= 2147483647;
	for (; r - n > 1;) i = a ? n + r >> 1 : Qi((n + r) / 2), t[i] < e ? n = i : r = i;
	return e - t[n] <= t[r] - e ? n : r;
}
function Mi(e) {
	return (t, n, r) => {
		let i = -1, a = -1;
		for (let a = n; a <= r; a++) if (e(t[a])) {
			i = a;
			break;
		}
		for (let i = r; i >= n; i--) if (e(t[i])) {
			a = i;
			break;
		}
		return [i, a];
	};
}
var Ni = (e) => e != null, Pi = (e) => e != null && e > 0, Fi = Mi(Ni), Ii = Mi(Pi);
function Li(e, t, n, r = 0, i = !1) {
	let a = i ? Ii : Fi, o = i ? Pi : Ni;
	[t, n] = a(e, t, n);
	let s = e[t], c = e[t];
	if (t > -1) {
		if (r == 1) s = e[t], c = e[n];
		else if (r == -1) s = e[n], c = e[t];
		else for (let r = t; r <= n; r++) {
			let t = e[r];
			o(t) && (t < s ? s = t : t > c && (c = t));
		}
	}
	return [s ?? la, c ?? -la];
}
function Ri(e, t, n, r) {
	let i = ia(e), a = ia(t);
	e == t && (i == -1 ? (e *= n, t /= n) : (e /= n, t *= n));
	let o = n == 10 ? aa : oa, s = i == 1 ? Qi : ea, c = a == 1 ? ea : Qi, l = s(o(Zi(e))), u = c(o(Zi(t))), d = ra(n, l), f = ra(n, u);
	return n == 10 && (l < 0 && (d = Q(d, -l)), u < 0 && (f = Q(f, -u))), r || n == 2 ? (e = d * i, t = f * a) : (e = Ca(e, d), t = Sa(t, f)), [e, t];
}
function zi(e, t, n, r) {
	let i = Ri(e, t, n, r);
	return e == 0 && (i[0] = 0), t == 0 && (i[1] = 0), i;
}
var Bi = .1, Vi = {
	mode: 3,
	pad: Bi
}, Hi = {
	pad: 0,
	soft: null,
	mode: 0
}, Ui = {
	min: Hi,
	max: Hi
};
function Wi(e, t, n, r) {
	return Pa(n) ? Ki(e, t, n) : (Hi.pad = n, Hi.soft = r ? 0 : null, Hi.mode = r ? 3 : 0, Ki(e, t, Ui));
}
function X(e, t) {
	return e ?? t;
}
function Gi(e, t, n) {
	for (t = X(t, 0), n = X(n, e.length - 1); t <= n;) {
		if (e[t] != null) return !0;
		t++;
	}
	return !1;
}
function Ki(e, t, n) {
	let r = n.min, i = n.max, a = X(r.pad, 0), o = X(i.pad, 0), s = X(r.hard, -la), c = X(i.hard, la), l = X(r.soft, la), u = X(i.soft, -la), d = X(r.mode, 0), f = X(i.mode, 0), p = t - e, m = aa(p), h = na(Zi(e), Zi(t)), g = Zi(aa(h) - m);
	(p < 1e-24 || g > 10) && (p = 0, (e == 0 || t == 0) && (p = 1e-24, d == 2 && l != la && (a = 0), f == 2 && u != -la && (o = 0)));
	let _ = p || h || 1e3, v = ra(10, Qi(aa(_))), y = Q(Ca(e - _ * (p == 0 ? e == 0 ? .1 : 1 : a), v / 10), 24), b = e >= l && (d == 1 || d == 3 && y <= l || d == 2 && y >= l) ? l : la, x = na(s, y < b && e >= b ? b : ta(b, y)), S = Q(Sa(t + _ * (p == 0 ? t == 0 ? .1 : 1 : o), v / 10), 24), C = t <= u && (f == 1 || f == 3 && S >= u || f == 2 && S <= u) ? u : -la, w = ta(c, S > C && t <= C ? C : na(C, S));
	return x == w && x == 0 && (w = 100), [x, w];
}
var qi = new Intl.NumberFormat(di ? mi.language : "en-US"), Ji = (e) => qi.format(e), Yi = Math, Xi = Yi.PI, Zi = Yi.abs, Qi = Yi.floor, $i = Yi.round, ea = Yi.ceil, ta = Yi.min, na = Yi.max, ra = Yi.pow, ia = Yi.sign, aa = Yi.log10, oa = Yi.log2, sa = (e, t = 1) => Yi.sinh(e) * t, ca = (e, t = 1) => Yi.asinh(e / t), la = Infinity;
function ua(e) {
	return (aa((e ^ e >> 31) - (e >> 31)) | 0) + 1;
}
function da(e, t, n) {
	return ta(na(e, t), n);
}
function fa(e) {
	return typeof e == "function";
}
function Z(e) {
	return fa(e) ? e : () => e;
}
var pa = () => {}, ma = (e) => e, ha = (e, t) => t, ga = (e) => null, _a = (e) => !0, va = (e, t) => e == t, ya = /\.\d*?(?=9{6,}|0{6,})/gm, ba = (e) => {
	if (ja(e) || wa.has(e)) return e;
	let t = `${e}`, n = t.match(ya);
	if (n == null) return e;
	let r = n[0].length - 1;
	if (t.indexOf("e-") != -1) {
		let [e, n] = t.split("e");
		return +`${ba(e)}e${n}`;
	}
	return Q(e, r);
};
function xa(e, t) {
	return ba(Q(ba(e / t)) * t);
}
function Sa(e, t) {
	return ba(ea(ba(e / t)) * t);
}
function Ca(e, t) {
	return ba(Qi(ba(e / t)) * t);
}
function Q(e, t = 0) {
	if (ja(e)) return e;
	let n = 10 ** t;
	return $i(e * n * (1 + 2 ** -52)) / n;
}
var wa = /* @__PURE__ */ new Map();
function Ta(e) {
	return (("" + e).split(".")[1] || "").length;
}
function Ea(e, t, n, r) {
	let i = [], a = r.map(Ta);
	for (let o = t; o < n; o++) {
		let t = Zi(o), n = Q(ra(e, o), t);
		for (let s = 0; s < r.length; s++) {
			let c = e == 10 ? +`${r[s]}e${o}` : r[s] * n, l = (o >= 0 ? 0 : t) + (o >= a[s] ? 0 : a[s]), u = e == 10 ? c : Q(c, l);
			i.push(u), wa.set(u, l);
		}
	}
	return i;
}
var Da = {}, Oa = [], ka = [null, null], Aa = Array.isArray, ja = Number.isInteger, Ma = (e) => e === void 0;
function Na(e) {
	return typeof e == "string";
}
function Pa(e) {
	let t = !1;
	if (e != null) {
		let n = e.constructor;
		t = n == null || n == Object;
	}
	return t;
}
function Fa(e) {
	return typeof e == "object" && !!e;
}
var Ia = Object.getPrototypeOf(Uint8Array), La = "__proto__";
function Ra(e, t = Pa) {
	let n;
	if (Aa(e)) {
		let r = e.find((e) => e != null);
		if (Aa(r) || t(r)) {
			n = Array(e.length);
			for (let r = 0; r < e.length; r++) n[r] = Ra(e[r], t);
		} else n = e.slice();
	} else if (e instanceof Ia) n = e.slice();
	else if (t(e)) {
		n = {};
		for (let r in e) r != La && (n[r] = Ra(e[r], t));
	} else n = e;
	return n;
}
function za(e) {
	let t = arguments;
	for (let n = 1; n < t.length; n++) {
		let r = t[n];
		for (let t in r) t != La && (Pa(e[t]) ? za(e[t], Ra(r[t])) : e[t] = Ra(r[t]));
	}
	return e;
}
var Ba = 0, Va = 1, Ha = 2;
function Ua(e, t, n) {
	for (let r = 0, i, a = -1; r < t.length; r++) {
		let o = t[r];
		if (o > a) {
			for (i = o - 1; i >= 0 && e[i] == null;) e[i--] = null;
			for (i = o + 1; i < n && e[i] == null;) e[a = i++] = null;
		}
	}
}
function Wa(e, t) {
	if (qa(e)) {
		let t = e[0].slice();
		for (let n = 1; n < e.length; n++) t.push(...e[n].slice(1));
		return Ja(t[0]) || (t = Ka(t)), t;
	}
	let n = /* @__PURE__ */ new Set();
	for (let t = 0; t < e.length; t++) {
		let r = e[t][0], i = r.length;
		for (let e = 0; e < i; e++) n.add(r[e]);
	}
	let r = [Array.from(n).sort((e, t) => e - t)], i = r[0].length, a = /* @__PURE__ */ new Map();
	for (let e = 0; e < i; e++) a.set(r[0][e], e);
	for (let n = 0; n < e.length; n++) {
		let o = e[n], s = o[0];
		for (let e = 1; e < o.length; e++) {
			let c = o[e], l = Array(i).fill(void 0), u = t ? t[n][e] : Va, d = [];
			for (let e = 0; e < c.length; e++) {
				let t = c[e], n = a.get(s[e]);
				t === null ? u != Ba && (l[n] = t, u == Ha && d.push(n)) : l[n] = t;
			}
			Ua(l, d, i), r.push(l);
		}
	}
	return r;
}
var Ga = typeof queueMicrotask > "u" ? (e) => Promise.resolve().then(e) : queueMicrotask;
function Ka(e) {
	let t = e[0], n = t.length, r = Array(n);
	for (let e = 0; e < r.length; e++) r[e] = e;
	r.sort((e, n) => t[e] - t[n]);
	let i = [];
	for (let t = 0; t < e.length; t++) {
		let a = e[t], o = Array(n);
		for (let e = 0; e < n; e++) o[e] = a[r[e]];
		i.push(o);
	}
	return i;
}
function qa(e) {
	let t = e[0][0], n = t.length;
	for (let r = 1; r < e.length; r++) {
		let i = e[r][0];
		if (i.length != n) return !1;
		if (i != t) {
			for (let e = 0; e < n; e++) if (i[e] != t[e]) return !1;
		}
	}
	return !0;
}
function Ja(e, t = 100) {
	let n = e.length;
	if (n <= 1) return !0;
	let r = 0, i = n - 1;
	for (; r <= i && e[r] == null;) r++;
	for (; i >= r && e[i] == null;) i--;
	if (i <= r) return !0;
	let a = na(1, Qi((i - r + 1) / t));
	for (let t = e[r], n = r + a; n <= i; n += a) {
		let r = e[n];
		if (r != null) {
			if (r <= t) return !1;
			t = r;
		}
	}
	return !0;
}
var Ya = [
	"January",
	"February",
	"March",
	"April",
	"May",
	"June",
	"July",
	"August",
	"September",
	"October",
	"November",
	"December"
], Xa = [
	"Sunday",
	"Monday",
	"Tuesday",
	"Wednesday",
	"Thursday",
	"Friday",
	"Saturday"
];
function Za(e) {
	return e.slice(0, 3);
}
var Qa = Xa.map(Za), $a = {
	MMMM: Ya,
	MMM: Ya.map(Za),
	WWWW: Xa,
	WWW: Qa
};
function eo(e) {
	return (e < 10 ? "0" : "") + e;
}
function to(e) {
	return (e < 10 ? "00" : e < 100 ? "0" : "") + e;
}
var no = {
	YYYY: (e) => e.getFullYear(),
	YY: (e) => (e.getFullYear() + "").slice(2),
	MMMM: (e, t) => t.MMMM[e.getMonth()],
	MMM: (e, t) => t.MMM[e.getMonth()],
	MM: (e) => eo(e.getMonth() + 1),
	M: (e) => e.getMonth() + 1,
	DD: (e) => eo(e.getDate()),
	D: (e) => e.getDate(),
	WWWW: (e, t) => t.WWWW[e.getDay()],
	WWW: (e, t) => t.WWW[e.getDay()],
	HH: (e) => eo(e.getHours()),
	H: (e) => e.getHours(),
	h: (e) => {
		let t = e.getHours();
		return t == 0 ? 12 : t > 12 ? t - 12 : t;
	},
	AA: (e) => e.getHours() >= 12 ? "PM" : "AM",
	aa: (e) => e.getHours() >= 12 ? "pm" : "am",
	a: (e) => e.getHours() >= 12 ? "p" : "a",
	mm: (e) => eo(e.getMinutes()),
	m: (e) => e.getMinutes(),
	ss: (e) => eo(e.getSeconds()),
	s: (e) => e.getSeconds(),
	fff: (e) => to(e.getMilliseconds())
};
function ro(e, t) {
	t ||= $a;
	let n = [], r = /\{([a-z]+)\}|[^{]+/gi, i;
	for (; i = r.exec(e);) n.push(i[0][0] == "{" ? no[i[1]] : i[0]);
	return (e) => {
		let r = "";
		for (let i = 0; i < n.length; i++) r += typeof n[i] == "string" ? n[i] : n[i](e, t);
		return r;
	};
}
var io = new Intl.DateTimeFormat().resolvedOptions().timeZone;
function ao(e, t) {
	let n;
	return t == "UTC" || t == "Etc/UTC" ? n = /* @__PURE__ */ new Date(+e + e.getTimezoneOffset() * 6e4) : t == io ? n = e : (n = new Date(e.toLocaleString("en-US", { timeZone: t })), n.setMilliseconds(e.getMilliseconds())), n;
}
var oo = (e) => e % 1 == 0, so = [
	1,
	2,
	2.5,
	5
], co = Ea(10, -32, 0, so), lo = Ea(10, 0, 32, so), uo = lo.filter(oo), fo = co.concat(lo), po = "\n", mo = "{YYYY}", ho = po + mo, go = "{M}/{D}", _o = po + go, vo = _o + "/{YY}", yo = "{aa}", bo = "{h}:{mm}" + yo, xo = po + bo, So = ":{ss}", $ = null;
function Co(e) {
	let t = e * 1e3, n = t * 60, r = n * 60, i = r * 24, a = i * 30, o = i * 365, s = (e == 1 ? Ea(10, 0, 3, so).filter(oo) : Ea(10, -3, 0, so)).concat([
		t,
		t * 5,
		t * 10,
		t * 15,
		t * 30,
		n,
		n * 5,
		n * 10,
		n * 15,
		n * 30,
		r,
		r * 2,
		r * 3,
		r * 4,
		r * 6,
		r * 8,
		r * 12,
		i,
		i * 2,
		i * 3,
		i * 4,
		i * 5,
		i * 6,
		i * 7,
		i * 8,
		i * 9,
		i * 10,
		i * 15,
		a,
		a * 2,
		a * 3,
		a * 4,
		a * 6,
		o,
		o * 2,
		o * 5,
		o * 10,
		o * 25,
		o * 50,
		o * 100
	]), c = [
		[
			o,
			mo,
			$,
			$,
			$,
			$,
			$,
			$,
			1
		],
		[
			i * 28,
			"{MMM}",
			ho,
			$,
			$,
			$,
			$,
			$,
			1
		],
		[
			i,
			go,
			ho,
			$,
			$,
			$,
			$,
			$,
			1
		],
		[
			r,
			"{h}" + yo,
			vo,
			$,
			_o,
			$,
			$,
			$,
			1
		],
		[
			n,
			bo,
			vo,
			$,
			_o,
			$,
			$,
			$,
			1
		],
		[
			t,
			So,
			vo + " " + bo,
			$,
			_o + " " + bo,
			$,
			xo,
			$,
			1
		],
		[
			e,
			So + ".{fff}",
			vo + " " + bo,
			$,
			_o + " " + bo,
			$,
			xo,
			$,
			1
		]
	];
	function l(t) {
		return (s, c, l, u, d, f) => {
			let p = [], m = d >= o, h = d >= a && d < o, g = t(l), _ = Q(g * e, 3), v = No(g.getFullYear(), m ? 0 : g.getMonth(), h || m ? 1 : g.getDate()), y = Q(v * e, 3);
			if (h || m) {
				let n = h ? d / a : 0, r = m ? d / o : 0, i = _ == y ? _ : Q(No(v.getFullYear() + r, v.getMonth() + n, 1) * e, 3), s = new Date($i(i / e)), c = s.getFullYear(), l = s.getMonth();
				for (let a = 0; i <= u; a++) {
					let o = No(c + r * a, l + n * a, 1), s = o - t(Q(o * e, 3));
					i = Q((+o + s) * e, 3), i <= u && p.push(i);
				}
			} else {
				let a = d >= i ? i : d, o = y + (Qi(l) - Qi(_)) + Sa(_ - y, a);
				p.push(o);
				let m = t(o), h = m.getHours() + m.getMinutes() / n + m.getSeconds() / r, g = d / r, v = f / s.axes[c]._space;
				for (; o = Q(o + d, e == 1 ? 0 : 3), !(o > u);) if (g > 1) {
					let e = Qi(Q(h + g, 6)) % 24, n = t(o).getHours() - e;
					n > 1 && (n = -1), o -= n * r, h = (h + g) % 24;
					let i = p[p.length - 1];
					Q((o - i) / d, 3) * v >= .7 && p.push(o);
				} else p.push(o);
			}
			return p;
		};
	}
	return [
		s,
		c,
		l
	];
}
var [wo, To, Eo] = Co(1), [Do, Oo, ko] = Co(.001);
Ea(2, -53, 53, [1]);
function Ao(e, t) {
	return e.map((e) => e.map((n, r) => r == 0 || r == 8 || n == null ? n : t(r == 1 || e[8] == 0 ? n : e[1] + n)));
}
function jo(e, t) {
	return (n, r, i, a, o) => {
		let s = t.find((e) => o >= e[0]) || t[t.length - 1], c, l, u, d, f, p;
		return r.map((t) => {
			let n = e(t), r = n.getFullYear(), i = n.getMonth(), a = n.getDate(), o = n.getHours(), m = n.getMinutes(), h = n.getSeconds(), g = r != c && s[2] || i != l && s[3] || a != u && s[4] || o != d && s[5] || m != f && s[6] || h != p && s[7] || s[1];
			return c = r, l = i, u = a, d = o, f = m, p = h, g(n);
		});
	};
}
function Mo(e, t) {
	let n = ro(t);
	return (t, r, i, a, o) => r.map((t) => n(e(t)));
}
function No(e, t, n) {
	return new Date(e, t, n);
}
function Po(e, t) {
	return t(e);
}
var Fo = "{YYYY}-{MM}-{DD} {h}:{mm}{aa}";
function Io(e, t) {
	return (n, r, i, a) => a == null ? ui : t(e(r));
}
function Lo(e, t) {
	let n = e.series[t];
	return n.width ? n.stroke(e, t) : n.points.width ? n.points.stroke(e, t) : null;
}
function Ro(e, t) {
	return e.series[t].fill(e, t);
}
var zo = {
	show: !0,
	live: !0,
	isolate: !1,
	mount: pa,
	markers: {
		show: !0,
		width: 2,
		stroke: Lo,
		fill: Ro,
		dash: "solid"
	},
	idx: null,
	idxs: null,
	values: []
};
function Bo(e, t) {
	let n = e.cursor.points, r = bi(), i = n.size(e, t);
	Y(r, Kr, i), Y(r, qr, i);
	let a = i / -2;
	Y(r, "marginLeft", a), Y(r, "marginTop", a);
	let o = n.width(e, t, i);
	return o && Y(r, "borderWidth", o), r;
}
function Vo(e, t) {
	let n = e.series[t].points;
	return n._fill || n._stroke;
}
function Ho(e, t) {
	let n = e.series[t].points;
	return n._stroke || n._fill;
}
function Uo(e, t) {
	return e.series[t].points.size;
}
var Wo = [0, 0];
function Go(e, t, n) {
	return Wo[0] = t, Wo[1] = n, Wo;
}
function Ko(e, t, n, r = !0) {
	return (e) => {
		e.button != 0 || r && e.target != t || n(e);
	};
}
function qo(e, t, n, r = !0) {
	return (e) => {
		r && e.target != t || n(e);
	};
}
var Jo = {
	show: !0,
	x: !0,
	y: !0,
	lock: !1,
	move: Go,
	points: {
		one: !1,
		show: Bo,
		size: Uo,
		width: 0,
		stroke: Ho,
		fill: Vo
	},
	bind: {
		mousedown: Ko,
		mouseup: Ko,
		click: Ko,
		dblclick: Ko,
		mousemove: qo,
		mouseleave: qo,
		mouseenter: qo
	},
	drag: {
		setScale: !0,
		x: !0,
		y: !1,
		dist: 0,
		uni: null,
		click: (e, t) => {
			t.stopPropagation(), t.stopImmediatePropagation();
		},
		_x: !1,
		_y: !1
	},
	focus: {
		dist: (e, t, n, r, i) => r - i,
		prox: -1,
		bias: 0
	},
	hover: {
		skip: [void 0],
		prox: null,
		bias: 0
	},
	left: -10,
	top: -10,
	idx: null,
	dataIdx: null,
	idxs: null,
	event: null
}, Yo = {
	show: !0,
	stroke: "rgba(0,0,0,0.07)",
	width: 2
}, Xo = za({}, Yo, { filter: ha }), Zo = za({}, Xo, { size: 10 }), Qo = za({}, Yo, { show: !1 }), $o = "12px system-ui, -apple-system, \"Segoe UI\", Roboto, \"Helvetica Neue\", Arial, \"Noto Sans\", sans-serif, \"Apple Color Emoji\", \"Segoe UI Emoji\", \"Segoe UI Symbol\", \"Noto Color Emoji\"", es = "bold " + $o, ts = 1.5, ns = {
	show: !0,
	scale: "x",
	stroke: Qr,
	space: 50,
	gap: 5,
	alignTo: 1,
	size: 50,
	labelGap: 0,
	labelSize: 30,
	labelFont: es,
	side: 2,
	grid: Xo,
	ticks: Zo,
	border: Qo,
	font: $o,
	lineGap: ts,
	rotate: 0
}, rs = "Value", is = "Time", as = {
	show: !0,
	scale: "x",
	auto: !1,
	sorted: 1,
	min: la,
	max: -Infinity,
	idxs: []
};
function os(e, t, n, r, i) {
	return t.map((e) => e == null ? "" : Ji(e));
}
function ss(e, t, n, r, i, a, o) {
	let s = [], c = wa.get(i) || 0;
	n = o ? n : Q(Sa(n, i), c);
	for (let e = n; e <= r; e = Q(e + i, c)) s.push(Object.is(e, -0) ? 0 : e);
	return s;
}
function cs(e, t, n, r, i, a, o) {
	let s = [], c = e.scales[e.axes[t].scale].log;
	i = ra(c, Qi((c == 10 ? aa : oa)(n))), c == 10 && (i = fo[ji(i, fo)]);
	let l = n, u = i * c;
	c == 10 && (u = fo[ji(u, fo)]);
	do
		s.push(l), l += i, c == 10 && !wa.has(l) && (l = Q(l, wa.get(i))), l >= u && (i = l, u = i * c, c == 10 && (u = fo[ji(u, fo)]));
	while (l <= r);
	return s;
}
function ls(e, t, n, r, i, a, o) {
	let s = e.scales[e.axes[t].scale].asinh, c = r > s ? cs(e, t, na(s, n), r, i) : [s], l = r >= 0 && n <= 0 ? [0] : [];
	return (n < -s ? cs(e, t, na(s, -r), -n, i) : [s]).reverse().map((e) => -e).concat(l, c);
}
var us = /./, ds = /[12357]/, fs = /[125]/, ps = /1/, ms = (e, t, n, r) => e.map((e, i) => t == 4 && e == 0 || i % r == 0 && n.test(e.toExponential()[+(e < 0)]) ? e : null);
function hs(e, t, n, r, i) {
	let a = e.axes[n], o = a.scale, s = e.scales[o], c = e.valToPos, l = a._space, u = c(10, o), d = c(9, o) - u >= l ? us : c(7, o) - u >= l ? ds : c(5, o) - u >= l ? fs : ps;
	if (d == ps) {
		let e = Zi(c(1, o) - u);
		if (e < l) return ms(t.slice().reverse(), s.distr, d, ea(l / e)).reverse();
	}
	return ms(t, s.distr, d, 1);
}
function gs(e, t, n, r, i) {
	let a = e.axes[n], o = a.scale, s = a._space, c = e.valToPos, l = Zi(c(1, o) - c(2, o));
	return l < s ? ms(t.slice().reverse(), 3, us, ea(s / l)).reverse() : t;
}
function _s(e, t, n, r) {
	return r == null ? ui : t == null ? "" : Ji(t);
}
var vs = {
	show: !0,
	scale: "y",
	stroke: Qr,
	space: 30,
	gap: 5,
	alignTo: 1,
	size: 50,
	labelGap: 0,
	labelSize: 30,
	labelFont: es,
	side: 3,
	grid: Xo,
	ticks: Zo,
	border: Qo,
	font: $o,
	lineGap: ts,
	rotate: 0
};
function ys(e, t) {
	return Q((3 + (e || 1) * 2) * t, 3);
}
function bs(e, t) {
	let { scale: n, idxs: r } = e.series[0], i = e._data[0], a = e.valToPos(i[r[0]], n, !0), o = Zi(e.valToPos(i[r[1]], n, !0) - a) / (e.series[t].points.space * J);
	return r[1] - r[0] <= o;
}
var xs = {
	scale: null,
	auto: !0,
	sorted: 0,
	min: la,
	max: -Infinity
}, Ss = (e, t, n, r, i) => i, Cs = {
	show: !0,
	auto: !0,
	sorted: 0,
	gaps: Ss,
	alpha: 1,
	facets: [za({}, xs, { scale: "x" }), za({}, xs, { scale: "y" })]
}, ws = {
	scale: "y",
	auto: !0,
	sorted: 0,
	show: !0,
	spanGaps: !1,
	gaps: Ss,
	alpha: 1,
	points: {
		show: bs,
		filter: null
	},
	values: null,
	min: la,
	max: -Infinity,
	idxs: [],
	path: null,
	clip: null
};
function Ts(e, t, n, r, i) {
	return n / 10;
}
var Es = {
	time: Tr,
	auto: !0,
	distr: 1,
	log: 10,
	asinh: 1,
	min: null,
	max: null,
	dir: 1,
	ori: 0
}, Ds = za({}, Es, {
	time: !1,
	ori: 1
}), Os = {};
function ks(e, t) {
	let n = Os[e];
	return n || (n = {
		key: e,
		plots: [],
		sub(e) {
			n.plots.push(e);
		},
		unsub(e) {
			n.plots = n.plots.filter((t) => t != e);
		},
		pub(e, t, r, i, a, o, s) {
			for (let c = 0; c < n.plots.length; c++) n.plots[c] != t && n.plots[c].pub(e, t, r, i, a, o, s);
		}
	}, e != null && (Os[e] = n)), n;
}
var As = 1, js = 2;
function Ms(e, t, n) {
	let r = e.mode, i = e.series[t], a = r == 2 ? e._data[t] : e._data, o = e.scales, s = e.bbox, c = a[0], l = r == 2 ? a[1] : a[t], u = r == 2 ? o[i.facets[0].scale] : o[e.series[0].scale], d = r == 2 ? o[i.facets[1].scale] : o[i.scale], f = s.left, p = s.top, m = s.width, h = s.height, g = e.valToPosH, _ = e.valToPosV;
	return u.ori == 0 ? n(i, c, l, u, d, g, _, f, p, m, h, Vs, Us, Gs, qs, Ys) : n(i, c, l, u, d, _, g, p, f, h, m, Hs, Ws, Ks, Js, Xs);
}
function Ns(e, t) {
	let n = 0, r = 0, i = X(e.bands, Oa);
	for (let e = 0; e < i.length; e++) {
		let a = i[e];
		a.series[0] == t ? n = a.dir : a.series[1] == t && (a.dir == 1 ? r |= 1 : r |= 2);
	}
	return [n, r == 1 ? -1 : r == 2 ? 1 : r == 3 ? 2 : 0];
}
function Ps(e, t, n, r, i) {
	let a = e.mode, o = e.series[t], s = a == 2 ? o.facets[1].scale : o.scale, c = e.scales[s];
	return i == -1 ? c.min : i == 1 ? c.max : c.distr == 3 ? c.dir == 1 ? c.min : c.max : 0;
}
function Fs(e, t, n, r, i, a) {
	return Ms(e, t, (e, t, o, s, c, l, u, d, f, p, m) => {
		let h = e.pxRound, g = s.dir * (s.ori == 0 ? 1 : -1), _ = s.ori == 0 ? Us : Ws, v, y;
		g == 1 ? (v = n, y = r) : (v = r, y = n);
		let b = h(l(t[v], s, p, d)), x = h(u(o[v], c, m, f)), S = h(l(t[y], s, p, d)), C = h(u(a == 1 ? c.max : c.min, c, m, f)), w = new Path2D(i);
		return _(w, S, C), _(w, b, C), _(w, b, x), w;
	});
}
function Is(e, t, n, r, i, a) {
	let o = null;
	if (e.length > 0) {
		o = new Path2D();
		let s = t == 0 ? Gs : Ks, c = n;
		for (let t = 0; t < e.length; t++) {
			let n = e[t];
			if (n[1] > n[0]) {
				let e = n[0] - c;
				e > 0 && s(o, c, r, e, r + a), c = n[1];
			}
		}
		let l = n + i - c;
		l > 0 && s(o, c, r - 5, l, r + a + 10);
	}
	return o;
}
function Ls(e, t, n) {
	let r = e[e.length - 1];
	r && r[0] == t ? r[1] = n : e.push([t, n]);
}
function Rs(e, t, n, r, i, a, o) {
	let s = [], c = e.length;
	for (let l = i == 1 ? n : r; l >= n && l <= r; l += i) if (t[l] === null) {
		let u = l, d = l;
		if (i == 1) for (; ++l <= r && t[l] === null;) d = l;
		else for (; --l >= n && t[l] === null;) d = l;
		let f = a(e[u]), p = d == u ? f : a(e[d]), m = u - i;
		f = o <= 0 && m >= 0 && m < c ? a(e[m]) : f;
		let h = d + i;
		p = o >= 0 && h >= 0 && h < c ? a(e[h]) : p, p >= f && s.push([f, p]);
	}
	return s;
}
function zs(e) {
	return e == 0 ? ma : e == 1 ? $i : (t) => xa(t, e);
}
function Bs(e) {
	let t = e == 0 ? Vs : Hs, n = e == 0 ? (e, t, n, r, i, a) => {
		e.arcTo(t, n, r, i, a);
	} : (e, t, n, r, i, a) => {
		e.arcTo(n, t, i, r, a);
	}, r = e == 0 ? (e, t, n, r, i) => {
		e.rect(t, n, r, i);
	} : (e, t, n, r, i) => {
		e.rect(n, t, i, r);
	};
	return (e, i, a, o, s, c = 0, l = 0) => {
		c == 0 && l == 0 ? r(e, i, a, o, s) : (c = ta(c, o / 2, s / 2), l = ta(l, o / 2, s / 2), t(e, i + c, a), n(e, i + o, a, i + o, a + s, c), n(e, i + o, a + s, i, a + s, l), n(e, i, a + s, i, a, l), n(e, i, a, i + o, a, c), e.closePath());
	};
}
var Vs = (e, t, n) => {
	e.moveTo(t, n);
}, Hs = (e, t, n) => {
	e.moveTo(n, t);
}, Us = (e, t, n) => {
	e.lineTo(t, n);
}, Ws = (e, t, n) => {
	e.lineTo(n, t);
}, Gs = Bs(0), Ks = Bs(1), qs = (e, t, n, r, i, a) => {
	e.arc(t, n, r, i, a);
}, Js = (e, t, n, r, i, a) => {
	e.arc(n, t, r, i, a);
}, Ys = (e, t, n, r, i, a, o) => {
	e.bezierCurveTo(t, n, r, i, a, o);
}, Xs = (e, t, n, r, i, a, o) => {
	e.bezierCurveTo(n, t, i, r, o, a);
};
function Zs(e) {
	return (e, t, n, r, i) => Ms(e, t, (t, a, o, s, c, l, u, d, f, p, m) => {
		let { pxRound: h, points: g } = t, _, v;
		s.ori == 0 ? (_ = Vs, v = qs) : (_ = Hs, v = Js);
		let y = Q(g.width * J, 3), b = (g.size - g.width) / 2 * J, x = Q(b * 2, 3), S = new Path2D(), C = new Path2D(), { left: w, top: T, width: E, height: D } = e.bbox;
		Gs(C, w - x, T - x, E + x * 2, D + x * 2);
		let O = (e) => {
			if (o[e] != null) {
				let t = h(l(a[e], s, p, d)), n = h(u(o[e], c, m, f));
				_(S, t + b, n), v(S, t, n, b, 0, Xi * 2);
			}
		};
		if (i) i.forEach(O);
		else for (let e = n; e <= r; e++) O(e);
		return {
			stroke: y > 0 ? S : null,
			fill: S,
			clip: C,
			flags: 3
		};
	});
}
function Qs(e) {
	return (t, n, r, i, a, o) => {
		r != i && (a != r && o != r && e(t, n, r), a != i && o != i && e(t, n, i), e(t, n, o));
	};
}
var $s = Qs(Us), ec = Qs(Ws);
function tc(e) {
	let t = X(e?.alignGaps, 0);
	return (e, n, r, i) => Ms(e, n, (a, o, s, c, l, u, d, f, p, m, h) => {
		[r, i] = Fi(s, r, i);
		let g = a.pxRound, _ = (e) => g(u(e, c, m, f)), v = (e) => g(d(e, l, h, p)), y, b;
		c.ori == 0 ? (y = Us, b = $s) : (y = Ws, b = ec);
		let x = c.dir * (c.ori == 0 ? 1 : -1), S = {
			stroke: new Path2D(),
			fill: null,
			clip: null,
			band: null,
			gaps: null,
			flags: As
		}, C = S.stroke, w = !1;
		if (i - r >= m * 4) {
			let t = (t) => e.posToVal(t, c.key, !0), n = null, a = null, l, u, d, f = _(o[x == 1 ? r : i]), p = _(o[r]), m = _(o[i]), h = t(x == 1 ? p + 1 : m - 1);
			for (let e = x == 1 ? r : i; e >= r && e <= i; e += x) {
				let r = o[e], i = (x == 1 ? r < h : r > h) ? f : _(r), c = s[e];
				i == f ? c == null ? c === null && (w = !0) : (u = c, n == null ? (y(C, i, v(u)), l = n = a = u) : u < n ? n = u : u > a && (a = u)) : (n != null && b(C, f, v(n), v(a), v(l), v(u)), c == null ? (n = a = null, c === null && (w = !0)) : (u = c, y(C, i, v(u)), n = a = l = u), f = i, h = t(f + x));
			}
			n != null && n != a && d != f && b(C, f, v(n), v(a), v(l), v(u));
		} else for (let e = x == 1 ? r : i; e >= r && e <= i; e += x) {
			let t = s[e];
			t === null ? w = !0 : t != null && y(C, _(o[e]), v(t));
		}
		let [T, E] = Ns(e, n);
		if (a.fill != null || T != 0) {
			let t = S.fill = new Path2D(C), s = v(a.fillTo(e, n, a.min, a.max, T)), c = _(o[r]), l = _(o[i]);
			x == -1 && ([l, c] = [c, l]), y(t, l, s), y(t, c, s);
		}
		if (!a.spanGaps) {
			let l = [];
			w && l.push(...Rs(o, s, r, i, x, _, t)), S.gaps = l = a.gaps(e, n, r, i, l), S.clip = Is(l, c.ori, f, p, m, h);
		}
		return E != 0 && (S.band = E == 2 ? [Fs(e, n, r, i, C, -1), Fs(e, n, r, i, C, 1)] : Fs(e, n, r, i, C, E)), S;
	});
}
function nc(e) {
	let t = X(e.align, 1), n = X(e.ascDesc, !1), r = X(e.alignGaps, 0), i = X(e.extend, !1);
	return (e, a, o, s) => Ms(e, a, (c, l, u, d, f, p, m, h, g, _, v) => {
		[o, s] = Fi(u, o, s);
		let y = c.pxRound, { left: b, width: x } = e.bbox, S = (e) => y(p(e, d, _, h)), C = (e) => y(m(e, f, v, g)), w = d.ori == 0 ? Us : Ws, T = {
			stroke: new Path2D(),
			fill: null,
			clip: null,
			band: null,
			gaps: null,
			flags: As
		}, E = T.stroke, D = d.dir * (d.ori == 0 ? 1 : -1), O = C(u[D == 1 ? o : s]), ee = S(l[D == 1 ? o : s]), k = ee, A = ee;
		i && t == -1 && (A = b, w(E, A, O)), w(E, ee, O);
		for (let e = D == 1 ? o : s; e >= o && e <= s; e += D) {
			let n = u[e];
			if (n == null) continue;
			let r = S(l[e]), i = C(n);
			t == 1 ? w(E, r, O) : w(E, k, i), w(E, r, i), O = i, k = r;
		}
		let te = k;
		i && t == 1 && (te = b + x, w(E, te, O));
		let [ne, j] = Ns(e, a);
		if (c.fill != null || ne != 0) {
			let t = T.fill = new Path2D(E), n = C(c.fillTo(e, a, c.min, c.max, ne));
			w(t, te, n), w(t, A, n);
		}
		if (!c.spanGaps) {
			let i = [];
			i.push(...Rs(l, u, o, s, D, S, r));
			let f = c.width * J / 2, p = n || t == 1 ? f : -f, m = n || t == -1 ? -f : f;
			i.forEach((e) => {
				e[0] += p, e[1] += m;
			}), T.gaps = i = c.gaps(e, a, o, s, i), T.clip = Is(i, d.ori, h, g, _, v);
		}
		return j != 0 && (T.band = j == 2 ? [Fs(e, a, o, s, E, -1), Fs(e, a, o, s, E, 1)] : Fs(e, a, o, s, E, j)), T;
	});
}
function rc(e, t, n, r, i, a, o = la) {
	if (e.length > 1) {
		let s = null;
		for (let c = 0, l = Infinity; c < e.length; c++) if (t[c] !== void 0) {
			if (s != null) {
				let t = Zi(e[c] - e[s]);
				t < l && (l = t, o = Zi(n(e[c], r, i, a) - n(e[s], r, i, a)));
			}
			s = c;
		}
	}
	return o;
}
function ic(e) {
	e ||= Da;
	let t = X(e.size, [
		.6,
		la,
		1
	]), n = e.align || 0, r = e.gap || 0, i = e.radius;
	i = i == null ? [0, 0] : typeof i == "number" ? [i, 0] : i;
	let a = Z(i), o = 1 - t[0], s = X(t[1], la), c = X(t[2], 1), l = X(e.disp, Da), u = X(e.each, (e) => {}), { fill: d, stroke: f } = l;
	return (e, t, i, p) => Ms(e, t, (m, h, g, _, v, y, b, x, S, C, w) => {
		let T = m.pxRound, E = n, D = r * J, O = s * J, ee = c * J, k, A;
		_.ori == 0 ? [k, A] = a(e, t) : [A, k] = a(e, t);
		let te = _.dir * (_.ori == 0 ? 1 : -1), ne = _.ori == 0 ? Gs : Ks, j = _.ori == 0 ? u : (e, t, n, r, i, a, o) => {
			u(e, t, n, i, r, o, a);
		}, re = X(e.bands, Oa).find((e) => e.series[0] == t), ie = re == null ? 0 : re.dir, ae = m.fillTo(e, t, m.min, m.max, ie), M = T(b(ae, v, w, S)), N, P, F, I = C, L = T(m.width * J), oe = !1, se = null, ce = null, le = null, ue = null;
		d != null && (L == 0 || f != null) && (oe = !0, se = d.values(e, t, i, p), ce = /* @__PURE__ */ new Map(), new Set(se).forEach((e) => {
			e != null && ce.set(e, new Path2D());
		}), L > 0 && (le = f.values(e, t, i, p), ue = /* @__PURE__ */ new Map(), new Set(le).forEach((e) => {
			e != null && ue.set(e, new Path2D());
		})));
		let { x0: de, size: fe } = l;
		if (de != null && fe != null) {
			E = 1, h = de.values(e, t, i, p), de.unit == 2 && (h = h.map((t) => e.posToVal(x + t * C, _.key, !0)));
			let n = fe.values(e, t, i, p);
			P = fe.unit == 2 ? n[0] * C : y(n[0], _, C, x) - y(0, _, C, x), I = rc(h, g, y, _, C, x, I), F = I - P + D;
		} else I = rc(h, g, y, _, C, x, I), F = I * o + D, P = I - F;
		F < 1 && (F = 0), L >= P / 2 && (L = 0), F < 5 && (T = ma);
		let pe = F > 0, R = I - F - (pe ? L : 0);
		P = T(da(R, ee, O)), N = (E == 0 ? P / 2 : E == te ? 0 : P) - E * te * ((E == 0 ? D / 2 : 0) + (pe ? L / 2 : 0));
		let me = {
			stroke: null,
			fill: null,
			clip: null,
			band: null,
			gaps: null,
			flags: 0
		}, he = oe ? null : new Path2D(), ge = null;
		if (re != null) ge = e.data[re.series[1]];
		else {
			let { y0: n, y1: r } = l;
			n != null && r != null && (g = r.values(e, t, i, p), ge = n.values(e, t, i, p));
		}
		let _e = k * P, ve = A * P;
		for (let n = te == 1 ? i : p; n >= i && n <= p; n += te) {
			let r = g[n];
			if (r == null) continue;
			if (ge != null) {
				let e = ge[n] ?? 0;
				if (r - e == 0) continue;
				M = b(e, v, w, S);
			}
			let i = y(_.distr != 2 || l != null ? h[n] : n, _, C, x), a = b(X(r, ae), v, w, S), o = T(i - N), s = T(na(a, M)), c = T(ta(a, M)), u = s - c;
			if (r != null) {
				let i = r < 0 ? ve : _e, a = r < 0 ? _e : ve;
				oe ? (L > 0 && le[n] != null && ne(ue.get(le[n]), o, c + Qi(L / 2), P, na(0, u - L), i, a), se[n] != null && ne(ce.get(se[n]), o, c + Qi(L / 2), P, na(0, u - L), i, a)) : ne(he, o, c + Qi(L / 2), P, na(0, u - L), i, a), j(e, t, n, o - L / 2, c, P + L, u);
			}
		}
		return L > 0 ? me.stroke = oe ? ue : he : oe || (me._fill = m.width == 0 ? m._fill : m._stroke ?? m._fill, me.width = 0), me.fill = oe ? ce : he, me;
	});
}
function ac(e, t) {
	let n = X(t?.alignGaps, 0);
	return (t, r, i, a) => Ms(t, r, (o, s, c, l, u, d, f, p, m, h, g) => {
		[i, a] = Fi(c, i, a);
		let _ = o.pxRound, v = (e) => _(d(e, l, h, p)), y = (e) => _(f(e, u, g, m)), b, x, S;
		l.ori == 0 ? (b = Vs, S = Us, x = Ys) : (b = Hs, S = Ws, x = Xs);
		let C = l.dir * (l.ori == 0 ? 1 : -1), w = v(s[C == 1 ? i : a]), T = w, E = [], D = [];
		for (let e = C == 1 ? i : a; e >= i && e <= a; e += C) if (c[e] != null) {
			let t = s[e], n = v(t);
			E.push(T = n), D.push(y(c[e]));
		}
		let O = {
			stroke: e(E, D, b, S, x, _),
			fill: null,
			clip: null,
			band: null,
			gaps: null,
			flags: As
		}, ee = O.stroke, [k, A] = Ns(t, r);
		if (o.fill != null || k != 0) {
			let e = O.fill = new Path2D(ee), n = y(o.fillTo(t, r, o.min, o.max, k));
			S(e, T, n), S(e, w, n);
		}
		if (!o.spanGaps) {
			let e = [];
			e.push(...Rs(s, c, i, a, C, v, n)), O.gaps = e = o.gaps(t, r, i, a, e), O.clip = Is(e, l.ori, p, m, h, g);
		}
		return A != 0 && (O.band = A == 2 ? [Fs(t, r, i, a, ee, -1), Fs(t, r, i, a, ee, 1)] : Fs(t, r, i, a, ee, A)), O;
	});
}
function oc(e) {
	return ac(sc, e);
}
function sc(e, t, n, r, i, a) {
	let o = e.length;
	if (o < 2) return null;
	let s = new Path2D();
	if (n(s, e[0], t[0]), o == 2) r(s, e[1], t[1]);
	else {
		let n = Array(o), r = Array(o - 1), a = Array(o - 1), c = Array(o - 1);
		for (let n = 0; n < o - 1; n++) a[n] = t[n + 1] - t[n], c[n] = e[n + 1] - e[n], r[n] = a[n] / c[n];
		n[0] = r[0];
		for (let e = 1; e < o - 1; e++) r[e] === 0 || r[e - 1] === 0 || r[e - 1] > 0 != r[e] > 0 ? n[e] = 0 : (n[e] = 3 * (c[e - 1] + c[e]) / ((2 * c[e] + c[e - 1]) / r[e - 1] + (c[e] + 2 * c[e - 1]) / r[e]), isFinite(n[e]) || (n[e] = 0));
		n[o - 1] = r[o - 2];
		for (let r = 0; r < o - 1; r++) i(s, e[r] + c[r] / 3, t[r] + n[r] * c[r] / 3, e[r + 1] - c[r] / 3, t[r + 1] - n[r + 1] * c[r] / 3, e[r + 1], t[r + 1]);
	}
	return s;
}
var cc = /* @__PURE__ */ new Set();
function lc() {
	for (let e of cc) e.syncRect(!0);
}
di && (ki(oi, pi, lc), ki(si, pi, lc, !0), ki(li, pi, () => {
	Tc.pxRatio = J;
}));
var uc = tc(), dc = Zs();
function fc(e, t, n, r) {
	return (r ? [e[0], e[1]].concat(e.slice(2)) : [e[0]].concat(e.slice(1))).map((e, r) => mc(e, r, t, n));
}
function pc(e, t) {
	return e.map((e, n) => n == 0 ? {} : za({}, t, e));
}
function mc(e, t, n, r) {
	return za({}, t == 0 ? n : r, e);
}
function hc(e, t, n) {
	return t == null ? ka : [t, n];
}
var gc = hc;
function _c(e, t, n) {
	return t == null ? ka : Wi(t, n, Bi, !0);
}
function vc(e, t, n, r) {
	return t == null ? ka : Ri(t, n, e.scales[r].log, !1);
}
var yc = vc;
function bc(e, t, n, r) {
	return t == null ? ka : zi(t, n, e.scales[r].log, !1);
}
var xc = bc;
function Sc(e, t, n, r, i) {
	let a = na(ua(e), ua(t)), o = t - e, s = ji(i / r * o, n);
	do {
		let e = n[s], t = r * e / o;
		if (t >= i && a + (e < 5 ? wa.get(e) : 0) <= 17) return [e, t];
	} while (++s < n.length);
	return [0, 0];
}
function Cc(e) {
	let t, n;
	return e = e.replace(/(\d+)px/, (e, r) => (t = $i((n = +r) * J)) + "px"), [
		e,
		t,
		n
	];
}
function wc(e) {
	e.show && [e.font, e.labelFont].forEach((e) => {
		let t = Q(e[2] * J, 1);
		e[0] = e[0].replace(/[0-9.]+px/, t + "px"), e[1] = t;
	});
}
function Tc(e, t, n) {
	let r = { mode: X(e.mode, 1) }, i = r.mode;
	function a(e, t, n, r) {
		let i = t.valToPct(e);
		return r + n * (t.dir == -1 ? 1 - i : i);
	}
	function o(e, t, n, r) {
		let i = t.valToPct(e);
		return r + n * (t.dir == -1 ? i : 1 - i);
	}
	function s(e, t, n, r) {
		return t.ori == 0 ? a(e, t, n, r) : o(e, t, n, r);
	}
	r.valToPosH = a, r.valToPosV = o;
	let c = !1;
	r.status = 0;
	let l = r.root = bi(Er);
	if (e.id != null && (l.id = e.id), _i(l, e.class), e.title) {
		let t = bi(kr, l);
		t.textContent = e.title;
	}
	let u = yi("canvas"), d = r.ctx = u.getContext("2d"), f = bi(Ar, l);
	ki("click", f, (e) => {
		e.target === m && (G != $t || K != en) && an.click(r, e);
	}, !0);
	let p = r.under = bi(jr, f);
	f.appendChild(u);
	let m = r.over = bi(Mr, f);
	e = Ra(e);
	let h = +X(e.pxAlign, 1), g = zs(h);
	(e.plugins || []).forEach((t) => {
		t.opts && (e = t.opts(r, e) || e);
	});
	let _ = e.ms || .001, v = r.series = i == 1 ? fc(e.series || [], as, ws, !1) : pc(e.series || [null], Cs), y = r.axes = fc(e.axes || [], ns, vs, !0), b = r.scales = {}, x = r.bands = e.bands || [];
	x.forEach((e) => {
		e.fill = Z(e.fill || null), e.dir = X(e.dir, -1);
	});
	let S = i == 2 ? v[1].facets[0].scale : v[0].scale, C = {
		axes: zt,
		series: Ot
	}, w = (e.drawOrder || ["axes", "series"]).map((e) => C[e]);
	function T(e) {
		let t = e.distr == 3 ? (t) => aa(t > 0 ? t : e.clamp(r, t, e.min, e.max, e.key)) : e.distr == 4 ? (t) => ca(t, e.asinh) : e.distr == 100 ? (t) => e.fwd(t) : (e) => e;
		return (n) => {
			let r = t(n), { _min: i, _max: a } = e, o = a - i;
			return (r - i) / o;
		};
	}
	function E(t) {
		let n = b[t];
		if (n == null) {
			let r = (e.scales || Da)[t] || Da;
			if (r.from != null) {
				E(r.from);
				let e = za({}, b[r.from], r, { key: t });
				e.valToPct = T(e), b[t] = e;
			} else {
				n = b[t] = za({}, t == S ? Es : Ds, r), n.key = t;
				let e = n.time, a = n.range, o = Aa(a);
				if ((t != S || i == 2 && !e) && (o && (a[0] == null || a[1] == null) && (a = {
					min: a[0] == null ? Vi : {
						mode: 1,
						hard: a[0],
						soft: a[0]
					},
					max: a[1] == null ? Vi : {
						mode: 1,
						hard: a[1],
						soft: a[1]
					}
				}, o = !1), !o && Pa(a))) {
					let e = a;
					a = (t, n, r) => n == null ? ka : Wi(n, r, e);
				}
				n.range = Z(a || (e ? gc : t == S ? n.distr == 3 ? yc : n.distr == 4 ? xc : hc : n.distr == 3 ? vc : n.distr == 4 ? bc : _c)), n.auto = Z(!o && n.auto), n.clamp = Z(n.clamp || Ts), n._min = n._max = null, n.valToPct = T(n);
			}
		}
	}
	E("x"), E("y"), i == 1 && v.forEach((e) => {
		E(e.scale);
	}), y.forEach((e) => {
		E(e.scale);
	});
	for (let t in e.scales) E(t);
	let D = b[S], O = D.distr, ee, k;
	D.ori == 0 ? (_i(l, Dr), ee = a, k = o) : (_i(l, Or), ee = o, k = a);
	let A = {};
	for (let e in b) {
		let t = b[e];
		(t.min != null || t.max != null) && (A[e] = {
			min: t.min,
			max: t.max
		}, t.min = t.max = null);
	}
	let te = e.tzDate || ((e) => new Date($i(e / _))), ne = e.fmtDate || ro, j = _ == 1 ? Eo(te) : ko(te), re = jo(te, Ao(_ == 1 ? To : Oo, ne)), ie = Io(te, Po(Fo, ne)), ae = [], M = r.legend = za({}, zo, e.legend), N = r.cursor = za({}, Jo, { drag: { y: i == 2 } }, e.cursor), P = M.show, F = N.show, I = M.markers;
	M.idxs = ae, I.width = Z(I.width), I.dash = Z(I.dash), I.stroke = Z(I.stroke), I.fill = Z(I.fill);
	let L, oe, se, ce = [], le = [], ue, de = !1, fe = {};
	if (M.live) {
		let e = v[1] ? v[1].values : null;
		de = e != null, ue = de ? e(r, 1, 0) : { _: 0 };
		for (let e in ue) fe[e] = ui;
	}
	if (P) {
		if (L = yi("table", zr, l), se = yi("tbody", null, L), M.mount(r, L), de) {
			oe = yi("thead", null, L, se);
			let e = yi("tr", null, oe);
			for (var pe in yi("th", null, e), ue) yi("th", Wr, e).textContent = pe;
		} else _i(L, Vr), M.live && _i(L, Br);
	}
	let R = { show: !0 }, me = { show: !1 };
	function he(e, t) {
		if (t == 0 && (de || !M.live || i == 2)) return ka;
		let n = [], a = yi("tr", Hr, se, se.childNodes[t]);
		_i(a, e.class), e.show || _i(a, Pr);
		let o = yi("th", null, a);
		if (I.show) {
			let e = bi(Ur, o);
			if (t > 0) {
				let n = I.width(r, t);
				n && (e.style.border = n + "px " + I.dash(r, t) + " " + I.stroke(r, t)), e.style.background = I.fill(r, t);
			}
		}
		let s = bi(Wr, o);
		for (var c in e.label instanceof HTMLElement ? s.appendChild(e.label) : s.textContent = e.label, t > 0 && (I.show || (s.style.color = e.width > 0 ? I.stroke(r, t) : I.fill(r, t)), _e("click", o, (t) => {
			if (N._lock) return;
			He(t);
			let n = v.indexOf(e);
			if ((t.ctrlKey || t.metaKey) != M.isolate) {
				let e = v.some((e, t) => t > 0 && t != n && e.show);
				v.forEach((t, r) => {
					r > 0 && fn(r, e ? r == n ? R : me : R, !0, Zn.setSeries);
				});
			} else fn(n, { show: !e.show }, !0, Zn.setSeries);
		}, !1), Ge && _e(ri, o, (t) => {
			N._lock || (He(t), fn(v.indexOf(e), bn, !0, Zn.setSeries));
		}, !1)), ue) {
			let e = yi("td", Gr, a);
			e.textContent = "--", n.push(e);
		}
		return [a, n];
	}
	let ge = /* @__PURE__ */ new Map();
	function _e(e, t, n, i = !0) {
		let a = ge.get(t) || {}, o = N.bind[e](r, t, n, i);
		o && (ki(e, t, a[e] = o), ge.set(t, a));
	}
	function ve(e, t, n) {
		let r = ge.get(t) || {};
		for (let n in r) (e == null || n == e) && (Ai(n, t, r[n]), delete r[n]);
		e ?? ge.delete(t);
	}
	let ye = 0, z = 0, B = 0, V = 0, be = 0, xe = 0, Se = be, Ce = xe, we = B, Te = V, Ee = 0, De = 0, Oe = 0, ke = 0;
	r.bbox = {};
	let Ae = !1, je = !1, Me = !1, Ne = !1, Pe = !1, Fe = !1;
	function Ie(e, t, n) {
		(n || e != r.width || t != r.height) && Le(e, t), Bt(!1), Me = !0, je = !0, Gt();
	}
	function Le(e, t) {
		r.width = ye = B = e, r.height = z = V = t, be = xe = 0, Be(), Ve();
		let n = r.bbox;
		Ee = n.left = xa(be * J, .5), De = n.top = xa(xe * J, .5), Oe = n.width = xa(B * J, .5), ke = n.height = xa(V * J, .5);
	}
	function Re() {
		let e = !1, t = 0;
		for (; !e;) {
			t++;
			let n = Lt(t), i = Rt(t);
			e = t == 3 || n && i, e || (Le(r.width, r.height), je = !0);
		}
	}
	function ze({ width: e, height: t }) {
		Ie(e, t);
	}
	r.setSize = ze;
	function Be() {
		let e = !1, t = !1, n = !1, r = !1;
		y.forEach((i, a) => {
			if (i.show && i._show) {
				let { side: a, _size: o } = i, s = a % 2, c = o + (i.label == null ? 0 : i.labelSize);
				c > 0 && (s ? (B -= c, a == 3 ? (be += c, r = !0) : n = !0) : (V -= c, a == 0 ? (xe += c, e = !0) : t = !0));
			}
		}), $e[0] = e, $e[1] = n, $e[2] = t, $e[3] = r, B -= rt[1] + rt[3], be += rt[3], V -= rt[2] + rt[0], xe += rt[0];
	}
	function Ve() {
		let e = be + B, t = xe + V, n = be, r = xe;
		function i(i, a) {
			switch (i) {
				case 1: return e += a, e - a;
				case 2: return t += a, t - a;
				case 3: return n -= a, n + a;
				case 0: return r -= a, r + a;
			}
		}
		y.forEach((e, t) => {
			if (e.show && e._show) {
				let t = e.side;
				e._pos = i(t, e._size), e.label != null && (e._lpos = i(t, e.labelSize));
			}
		});
	}
	if (N.dataIdx == null) {
		let e = N.hover, n = e.skip = new Set(e.skip ?? []);
		n.add(void 0);
		let r = e.prox = Z(e.prox), i = e.bias ??= 0;
		N.dataIdx = (e, a, o, s) => {
			if (a == 0) return o;
			let c = o, l = r(e, a, o, s) ?? la, u = l >= 0 && l < la, d = D.ori == 0 ? B : V, f = N.left, p = t[0], m = t[a];
			if (n.has(m[o])) {
				c = null;
				let e = null, t = null, r;
				if (i == 0 || i == -1) for (r = o; e == null && r-- > 0;) n.has(m[r]) || (e = r);
				if (i == 0 || i == 1) for (r = o; t == null && r++ < m.length;) n.has(m[r]) || (t = r);
				if (e != null || t != null) {
					if (u) {
						let n = e == null ? -Infinity : ee(p[e], D, d, 0), r = t == null ? Infinity : ee(p[t], D, d, 0), i = f - n, a = r - f;
						i <= a ? i <= l && (c = e) : a <= l && (c = t);
					} else c = t == null ? e : e == null ? t : o - e <= t - o ? e : t;
				}
			} else u && Zi(f - ee(p[o], D, d, 0)) > l && (c = null);
			return c;
		};
	}
	let He = (e) => {
		N.event = e;
	};
	N.idxs = ae, N._lock = !1;
	let Ue = N.points;
	Ue.show = Z(Ue.show), Ue.size = Z(Ue.size), Ue.stroke = Z(Ue.stroke), Ue.width = Z(Ue.width), Ue.fill = Z(Ue.fill);
	let We = r.focus = za({}, e.focus || { alpha: .3 }, N.focus), Ge = We.prox >= 0, Ke = Ge && Ue.one, H = [], qe = [], Je = [];
	function Ye(e, t) {
		let n = Ue.show(r, t);
		if (n instanceof HTMLElement) return _i(n, Rr), _i(n, e.class), Si(n, -10, -10, B, V), m.insertBefore(n, H[t]), n;
	}
	function Xe(e, t) {
		if (i == 1 || t > 0) {
			let t = i == 1 && b[e.scale].time, n = e.value;
			e.value = t ? Na(n) ? Io(te, Po(n, ne)) : n || ie : n || _s, e.label = e.label || (t ? is : rs);
		}
		if (Ke || t > 0) {
			e.width = e.width == null ? 1 : e.width, e.paths = e.paths || uc || ga, e.fillTo = Z(e.fillTo || Ps), e.pxAlign = +X(e.pxAlign, h), e.pxRound = zs(e.pxAlign), e.stroke = Z(e.stroke || null), e.fill = Z(e.fill || null), e._stroke = e._fill = e._paths = e._focus = null;
			let t = ys(na(1, e.width), 1), n = e.points = za({}, {
				size: t,
				width: na(1, t * .2),
				stroke: e.stroke,
				space: t * 2,
				paths: dc,
				_stroke: null,
				_fill: null
			}, e.points);
			n.show = Z(n.show), n.filter = Z(n.filter), n.fill = Z(n.fill), n.stroke = Z(n.stroke), n.paths = Z(n.paths), n.pxAlign = e.pxAlign;
		}
		if (P) {
			let n = he(e, t);
			ce.splice(t, 0, n[0]), le.splice(t, 0, n[1]), M.values.push(null);
		}
		if (F) {
			ae.splice(t, 0, null);
			let n = null;
			Ke ? t == 0 && (n = Ye(e, t)) : t > 0 && (n = Ye(e, t)), H.splice(t, 0, n), qe.splice(t, 0, 0), Je.splice(t, 0, 0);
		}
		Yn("addSeries", t);
	}
	function Ze(e, t) {
		t ??= v.length, e = i == 1 ? mc(e, t, as, ws) : mc(e, t, {}, Cs), v.splice(t, 0, e), Xe(v[t], t);
	}
	r.addSeries = Ze;
	function Qe(e) {
		if (v.splice(e, 1), P) {
			M.values.splice(e, 1), le.splice(e, 1);
			let t = ce.splice(e, 1)[0];
			ve(null, t.firstChild), t.remove();
		}
		F && (ae.splice(e, 1), H.splice(e, 1)[0].remove(), qe.splice(e, 1), Je.splice(e, 1)), Yn("delSeries", e);
	}
	r.delSeries = Qe;
	let $e = [
		!1,
		!1,
		!1,
		!1
	];
	function et(e, t) {
		if (e._show = e.show, e.show) {
			let n = e.side % 2, i = b[e.scale];
			i ??= (e.scale = n ? v[1].scale : S, b[e.scale]);
			let a = i.time;
			e.size = Z(e.size), e.space = Z(e.space), e.rotate = Z(e.rotate), Aa(e.incrs) && e.incrs.forEach((e) => {
				!wa.has(e) && wa.set(e, Ta(e));
			}), e.incrs = Z(e.incrs || (i.distr == 2 ? uo : a ? _ == 1 ? wo : Do : fo)), e.splits = Z(e.splits || (a && i.distr == 1 ? j : i.distr == 3 ? cs : i.distr == 4 ? ls : ss)), e.stroke = Z(e.stroke), e.grid.stroke = Z(e.grid.stroke), e.ticks.stroke = Z(e.ticks.stroke), e.border.stroke = Z(e.border.stroke);
			let o = e.values;
			e.values = Aa(o) && !Aa(o[0]) ? Z(o) : a ? Aa(o) ? jo(te, Ao(o, ne)) : Na(o) ? Mo(te, o) : o || re : o || os, e.filter = Z(e.filter || (i.distr >= 3 && i.log == 10 ? hs : i.distr == 3 && i.log == 2 ? gs : ha)), e.font = Cc(e.font), e.labelFont = Cc(e.labelFont), e._size = e.size(r, null, t, 0), e._space = e._rotate = e._incrs = e._found = e._splits = e._values = null, e._size > 0 && ($e[t] = !0, e._el = bi(Nr, f));
		}
	}
	function tt(e, t, n, r) {
		let [i, a, o, s] = n, c = t % 2, l = 0;
		return c == 0 && (s || a) && (l = t == 0 && !i || t == 2 && !o ? $i(ns.size / 3) : 0), c == 1 && (i || o) && (l = t == 1 && !a || t == 3 && !s ? $i(vs.size / 2) : 0), l;
	}
	let nt = r.padding = (e.padding || [
		tt,
		tt,
		tt,
		tt
	]).map((e) => Z(X(e, tt))), rt = r._padding = nt.map((e, t) => e(r, t, $e, 0)), it, at = null, ot = null, st = i == 1 ? v[0].idxs : null, ct = null, lt = !1;
	function ut(e, n) {
		if (t = e ?? [], r.data = r._data = t, i == 2) {
			it = 0;
			for (let e = 1; e < v.length; e++) it += t[e][0].length;
		} else {
			t.length == 0 && (r.data = r._data = t = [[]]), ct = t[0], it = ct.length;
			let e = t;
			if (O == 2) {
				e = t.slice();
				let n = e[0] = Array(it);
				for (let e = 0; e < it; e++) n[e] = e;
			}
			r._data = t = e;
		}
		if (Bt(!0), Yn("setData"), O == 2 && (Me = !0), n !== !1) {
			let e = D;
			e.auto(r, lt) ? dt() : dn(S, e.min, e.max), Ne ||= N.left >= 0, Fe = !0, Gt();
		}
	}
	r.setData = ut;
	function dt() {
		lt = !0;
		let e, n;
		i == 1 && (it > 0 ? (at = st[0] = 0, ot = st[1] = it - 1, e = t[0][at], n = t[0][ot], O == 2 ? (e = at, n = ot) : e == n && (O == 3 ? [e, n] = Ri(e, e, D.log, !1) : O == 4 ? [e, n] = zi(e, e, D.log, !1) : D.time ? n = e + $i(86400 / _) : [e, n] = Wi(e, n, Bi, !0))) : (at = st[0] = e = null, ot = st[1] = n = null)), dn(S, e, n);
	}
	let ft, pt, mt, ht, gt, _t, vt, yt, bt, xt;
	function St(e, t, n, r, i, a) {
		e ??= $r, n ??= Oa, r ??= "butt", i ??= $r, a ??= "round", e != ft && (d.strokeStyle = ft = e), i != pt && (d.fillStyle = pt = i), t != mt && (d.lineWidth = mt = t), a != gt && (d.lineJoin = gt = a), r != _t && (d.lineCap = _t = r), n != ht && d.setLineDash(ht = n);
	}
	function Ct(e, t, n, r) {
		t != pt && (d.fillStyle = pt = t), e != vt && (d.font = vt = e), n != yt && (d.textAlign = yt = n), r != bt && (d.textBaseline = bt = r);
	}
	function wt(e, t, n, i, a = 0) {
		if (i.length > 0 && e.auto(r, lt) && (t == null || t.min == null)) {
			let t = X(at, 0), r = X(ot, i.length - 1), o = n.min == null ? Li(i, t, r, a, e.distr == 3) : [n.min, n.max];
			e.min = ta(e.min, n.min = o[0]), e.max = na(e.max, n.max = o[1]);
		}
	}
	let Tt = {
		min: null,
		max: null
	};
	function Et() {
		for (let e in b) {
			let t = b[e];
			A[e] == null && (t.min == null || A[S] != null && t.auto(r, lt)) && (A[e] = Tt);
		}
		for (let e in b) {
			let t = b[e];
			A[e] == null && t.from != null && A[t.from] != null && (A[e] = Tt);
		}
		A[S] != null && Bt(!0);
		let e = {};
		for (let t in A) {
			let n = A[t];
			if (n != null) {
				let a = e[t] = Ra(b[t], Fa);
				if (n.min != null) za(a, n);
				else if (t != S || i == 2) {
					if (it == 0 && a.from == null) {
						let e = a.range(r, null, null, t);
						a.min = e[0], a.max = e[1];
					} else a.min = la, a.max = -Infinity;
				}
			}
		}
		if (it > 0) {
			v.forEach((n, a) => {
				if (i == 1) {
					let i = n.scale, o = A[i];
					if (o == null) return;
					let s = e[i];
					if (a == 0) {
						let e = s.range(r, s.min, s.max, i);
						s.min = e[0], s.max = e[1], at = ji(s.min, t[0]), ot = ji(s.max, t[0]), ot - at > 1 && (t[0][at] < s.min && at++, t[0][ot] > s.max && ot--), n.min = ct[at], n.max = ct[ot];
					} else n.show && n.auto && wt(s, o, n, t[a], n.sorted);
					n.idxs[0] = at, n.idxs[1] = ot;
				} else if (a > 0 && n.show && n.auto) {
					let [r, i] = n.facets, o = r.scale, s = i.scale, [c, l] = t[a], u = e[o], d = e[s];
					u != null && wt(u, A[o], r, c, r.sorted), d != null && wt(d, A[s], i, l, i.sorted), n.min = i.min, n.max = i.max;
				}
			});
			for (let t in e) {
				let n = e[t], i = A[t];
				if (n.from == null && (i == null || i.min == null)) {
					let e = n.range(r, n.min == la ? null : n.min, n.max == -Infinity ? null : n.max, t);
					n.min = e[0], n.max = e[1];
				}
			}
		}
		for (let t in e) {
			let n = e[t];
			if (n.from != null) {
				let i = e[n.from];
				if (i.min == null) n.min = n.max = null;
				else {
					let e = n.range(r, i.min, i.max, t);
					n.min = e[0], n.max = e[1];
				}
			}
		}
		let n = {}, a = !1;
		for (let t in e) {
			let r = e[t], i = b[t];
			if (i.min != r.min || i.max != r.max) {
				i.min = r.min, i.max = r.max;
				let e = i.distr;
				i._min = e == 3 ? aa(i.min) : e == 4 ? ca(i.min, i.asinh) : e == 100 ? i.fwd(i.min) : i.min, i._max = e == 3 ? aa(i.max) : e == 4 ? ca(i.max, i.asinh) : e == 100 ? i.fwd(i.max) : i.max, n[t] = a = !0;
			}
		}
		if (a) {
			v.forEach((e, t) => {
				i == 2 ? t > 0 && n.y && (e._paths = null) : n[e.scale] && (e._paths = null);
			});
			for (let e in n) Me = !0, Yn("setScale", e);
			F && N.left >= 0 && (Ne = Fe = !0);
		}
		for (let e in A) A[e] = null;
	}
	function Dt(e) {
		let t = da(at - 1, 0, it - 1), n = da(ot + 1, 0, it - 1);
		for (; e[t] == null && t > 0;) t--;
		for (; e[n] == null && n < it - 1;) n++;
		return [t, n];
	}
	function Ot() {
		if (it > 0) {
			let e = v.some((e) => e._focus) && xt != We.alpha;
			e && (d.globalAlpha = xt = We.alpha), v.forEach((e, n) => {
				if (n > 0 && e.show && (kt(n, !1), kt(n, !0), e._paths == null)) {
					let a = xt;
					xt != e.alpha && (d.globalAlpha = xt = e.alpha);
					let o = i == 2 ? [0, t[n][0].length - 1] : Dt(t[n]);
					e._paths = e.paths(r, n, o[0], o[1]), xt != a && (d.globalAlpha = xt = a);
				}
			}), v.forEach((e, t) => {
				if (t > 0 && e.show) {
					let n = xt;
					xt != e.alpha && (d.globalAlpha = xt = e.alpha), e._paths != null && At(t, !1);
					{
						let n = e._paths == null ? null : e._paths.gaps, i = e.points.show(r, t, at, ot, n), a = e.points.filter(r, t, i, n);
						(i || a) && (e.points._paths = e.points.paths(r, t, at, ot, a), At(t, !0));
					}
					xt != n && (d.globalAlpha = xt = n), Yn("drawSeries", t);
				}
			}), e && (d.globalAlpha = xt = 1);
		}
	}
	function kt(e, t) {
		let n = t ? v[e].points : v[e];
		n._stroke = n.stroke(r, e), n._fill = n.fill(r, e);
	}
	function At(e, t) {
		let n = t ? v[e].points : v[e], { stroke: r, fill: i, clip: a, flags: o, _stroke: s = n._stroke, _fill: c = n._fill, _width: l = n.width } = n._paths;
		l = Q(l * J, 3);
		let u = null, f = l % 2 / 2;
		t && c == null && (c = l > 0 ? "#fff" : s);
		let p = n.pxAlign == 1 && f > 0;
		if (p && d.translate(f, f), !t) {
			let e = Ee - l / 2, t = De - l / 2, n = Oe + l, r = ke + l;
			u = new Path2D(), u.rect(e, t, n, r);
		}
		t ? Mt(s, l, n.dash, n.cap, c, r, i, o, a) : jt(e, s, l, n.dash, n.cap, c, r, i, o, u, a), p && d.translate(-f, -f);
	}
	function jt(e, n, i, a, o, s, c, l, u, d, f) {
		let p = !1;
		u != 0 && x.forEach((m, h) => {
			if (m.series[0] == e) {
				let e = v[m.series[1]], g = t[m.series[1]], _ = (e._paths || Da).band;
				Aa(_) && (_ = m.dir == 1 ? _[0] : _[1]);
				let y, b = null;
				e.show && _ && Gi(g, at, ot) ? (b = m.fill(r, h) || s, y = e._paths.clip) : _ = null, Mt(n, i, a, o, b, c, l, u, d, f, y, _), p = !0;
			}
		}), p || Mt(n, i, a, o, s, c, l, u, d, f);
	}
	function Mt(e, t, n, r, i, a, o, s, c, l, u, f) {
		St(e, t, n, r, i), (c || l || f) && (d.save(), c && d.clip(c), l && d.clip(l)), f ? (s & 3) == 3 ? (d.clip(f), u && d.clip(u), Pt(i, o), Nt(e, a, t)) : s & js ? (Pt(i, o), d.clip(f), Nt(e, a, t)) : s & As && (d.save(), d.clip(f), u && d.clip(u), Pt(i, o), d.restore(), Nt(e, a, t)) : (Pt(i, o), Nt(e, a, t)), (c || l || f) && d.restore();
	}
	function Nt(e, t, n) {
		n > 0 && (t instanceof Map ? t.forEach((e, t) => {
			d.strokeStyle = ft = t, d.stroke(e);
		}) : t != null && e && d.stroke(t));
	}
	function Pt(e, t) {
		t instanceof Map ? t.forEach((e, t) => {
			d.fillStyle = pt = t, d.fill(e);
		}) : t != null && e && d.fill(t);
	}
	function Ft(e, t, n, i) {
		let a = y[e], o;
		if (i <= 0) o = [0, 0];
		else {
			let s = a._space = a.space(r, e, t, n, i);
			o = Sc(t, n, a._incrs = a.incrs(r, e, t, n, i, s), i, s);
		}
		return a._found = o;
	}
	function It(e, t, n, r, i, a, o, s, c, l) {
		let u = o % 2 / 2;
		h == 1 && d.translate(u, u), St(s, o, c, l, s), d.beginPath();
		let f, p, m, g, _ = i + (r == 0 || r == 3 ? -a : a);
		n == 0 ? (p = i, g = _) : (f = i, m = _);
		for (let r = 0; r < e.length; r++) t[r] != null && (n == 0 ? f = m = e[r] : p = g = e[r], d.moveTo(f, p), d.lineTo(m, g));
		d.stroke(), h == 1 && d.translate(-u, -u);
	}
	function Lt(e) {
		let t = !0;
		return y.forEach((n, i) => {
			if (!n.show) return;
			let a = b[n.scale];
			if (a.min == null) {
				n._show && (t = !1, n._show = !1, Bt(!1));
				return;
			}
			n._show || (t = !1, n._show = !0, Bt(!1));
			let o = n.side, s = o % 2, { min: c, max: l } = a, [u, d] = Ft(i, c, l, s == 0 ? B : V);
			if (d == 0) return;
			let f = a.distr == 2, p = n._splits = n.splits(r, i, c, l, u, d, f), m = a.distr == 2 ? p.map((e) => ct[e]) : p, h = a.distr == 2 ? ct[p[1]] - ct[p[0]] : u, g = n._values = n.values(r, n.filter(r, m, i, d, h), i, d, h);
			n._rotate = o == 2 ? n.rotate(r, g, i, d) : 0;
			let _ = n._size;
			n._size = ea(n.size(r, g, i, e)), _ != null && n._size != _ && (t = !1);
		}), t;
	}
	function Rt(e) {
		let t = !0;
		return nt.forEach((n, i) => {
			let a = n(r, i, $e, e);
			a != rt[i] && (t = !1), rt[i] = a;
		}), t;
	}
	function zt() {
		for (let e = 0; e < y.length; e++) {
			let t = y[e];
			if (!t.show || !t._show) continue;
			let n = t.side, i = n % 2, a, o, c = t.stroke(r, e), l = n == 0 || n == 3 ? -1 : 1, [u, f] = t._found;
			if (t.label != null) {
				let s = t.labelGap * l, p = $i((t._lpos + s) * J);
				Ct(t.labelFont[0], c, "center", n == 2 ? Jr : Yr), d.save(), i == 1 ? (a = o = 0, d.translate(p, $i(De + ke / 2)), d.rotate((n == 3 ? -Xi : Xi) / 2)) : (a = $i(Ee + Oe / 2), o = p);
				let m = fa(t.label) ? t.label(r, e, u, f) : t.label;
				d.fillText(m, a, o), d.restore();
			}
			if (f == 0) continue;
			let p = b[t.scale], m = i == 0 ? Oe : ke, h = i == 0 ? Ee : De, _ = t._splits, v = p.distr == 2 ? _.map((e) => ct[e]) : _, x = p.distr == 2 ? ct[_[1]] - ct[_[0]] : u, S = t.ticks, C = t.border, w = S.show ? S.size : 0, T = $i(w * J), E = $i((t.alignTo == 2 ? t._size - w - t.gap : t.gap) * J), D = t._rotate * -Xi / 180, O = g(t._pos * J), ee = O + (T + E) * l;
			o = i == 0 ? ee : 0, a = i == 1 ? ee : 0;
			let k = t.font[0];
			Ct(k, c, t.align == 1 ? Xr : t.align == 2 ? Zr : D > 0 ? Xr : D < 0 ? Zr : i == 0 ? "center" : n == 3 ? Zr : Xr, D || i == 1 ? "middle" : n == 2 ? Jr : Yr);
			let A = t.font[1] * t.lineGap, te = _.map((e) => g(s(e, p, m, h))), ne = t._values;
			for (let e = 0; e < ne.length; e++) {
				let t = ne[e];
				if (t != null) {
					i == 0 ? a = te[e] : o = te[e], t = "" + t;
					let n = t.indexOf("\n") == -1 ? [t] : t.split(/\n/gm);
					for (let e = 0; e < n.length; e++) {
						let t = n[e];
						D ? (d.save(), d.translate(a, o + e * A), d.rotate(D), d.fillText(t, 0, 0), d.restore()) : d.fillText(t, a, o + e * A);
					}
				}
			}
			S.show && It(te, S.filter(r, v, e, f, x), i, n, O, T, Q(S.width * J, 3), S.stroke(r, e), S.dash, S.cap);
			let j = t.grid;
			j.show && It(te, j.filter(r, v, e, f, x), i, i == 0 ? 2 : 1, i == 0 ? De : Ee, i == 0 ? ke : Oe, Q(j.width * J, 3), j.stroke(r, e), j.dash, j.cap), C.show && It([O], [1], +(i == 0), i == 0 ? 1 : 2, i == 1 ? De : Ee, i == 1 ? ke : Oe, Q(C.width * J, 3), C.stroke(r, e), C.dash, C.cap);
		}
		Yn("drawAxes");
	}
	function Bt(e) {
		v.forEach((t, n) => {
			n > 0 && (t._paths = null, e && (i == 1 ? (t.min = null, t.max = null) : t.facets.forEach((e) => {
				e.min = null, e.max = null;
			})));
		});
	}
	let Vt = !1, Ht = !1, Ut = [];
	function Wt() {
		Ht = !1;
		for (let e = 0; e < Ut.length; e++) Yn(...Ut[e]);
		Ut.length = 0;
	}
	function Gt() {
		Vt ||= (Ga(qt), !0);
	}
	function Kt(e, t = !1) {
		Vt = !0, Ht = t, e(r), qt(), t && Ut.length > 0 && queueMicrotask(Wt);
	}
	r.batch = Kt;
	function qt() {
		if (Ae &&= (Et(), !1), Me &&= (Re(), !1), je) {
			if (Y(p, Xr, be), Y(p, Jr, xe), Y(p, Kr, B), Y(p, qr, V), Y(m, Xr, be), Y(m, Jr, xe), Y(m, Kr, B), Y(m, qr, V), Y(f, Kr, ye), Y(f, qr, z), u.width = $i(ye * J), u.height = $i(z * J), y.forEach(({ _el: e, _show: t, _size: n, _pos: r, side: i }) => {
				if (e != null) {
					if (t) {
						let t = i === 3 || i === 0 ? n : 0, a = i % 2 == 1;
						Y(e, a ? "left" : "top", r - t), Y(e, a ? "width" : "height", n), Y(e, a ? "top" : "left", a ? xe : be), Y(e, a ? "height" : "width", a ? V : B), vi(e, Pr);
					} else _i(e, Pr);
				}
			}), ft = pt = mt = gt = _t = vt = yt = bt = ht = null, xt = 1, Nn(!0), be != Se || xe != Ce || B != we || V != Te) {
				Bt(!1);
				let e = B / we, t = V / Te;
				if (F && !Ne && N.left >= 0) {
					N.left *= e, N.top *= t, Xt && Si(Xt, $i(N.left), 0, B, V), Zt && Si(Zt, 0, $i(N.top), B, V);
					for (let n = 0; n < H.length; n++) {
						let r = H[n];
						r != null && (qe[n] *= e, Je[n] *= t, Si(r, ea(qe[n]), ea(Je[n]), B, V));
					}
				}
				if (q.show && !Pe && q.left >= 0 && q.width > 0) {
					q.left *= e, q.width *= e, q.top *= t, q.height *= t;
					for (let e in In) Y(cn, e, q[e]);
				}
				Se = be, Ce = xe, we = B, Te = V;
			}
			Yn("setSize"), je = !1;
		}
		ye > 0 && z > 0 && (d.clearRect(0, 0, u.width, u.height), Yn("drawClear"), w.forEach((e) => e()), Yn("draw")), q.show && Pe && (ln(q), Pe = !1), F && Ne && (jn(null, !0, !1), Ne = !1), M.show && M.live && Fe && (kn(), Fe = !1), c || (c = !0, r.status = 1, Yn("ready")), lt = !1, Vt = !1;
	}
	r.redraw = (e, t) => {
		Me = t || !1, e === !1 ? Gt() : dn(S, D.min, D.max);
	};
	function Jt(e, n) {
		let i = b[e];
		if (i.from == null) {
			if (it == 0) {
				let t = i.range(r, n.min, n.max, e);
				n.min = t[0], n.max = t[1];
			}
			if (n.min > n.max) {
				let e = n.min;
				n.min = n.max, n.max = e;
			}
			if (it > 1 && n.min != null && n.max != null && n.max - n.min < 1e-16) return;
			e == S && i.distr == 2 && it > 0 && (n.min = ji(n.min, t[0]), n.max = ji(n.max, t[0]), n.min == n.max && n.max++), A[e] = n, Ae = !0, Gt();
		}
	}
	r.setScale = Jt;
	let Yt, U, Xt, Zt, Qt, W, $t, en, tn, nn, G, K, rn = !1, an = N.drag, on = an.x, sn = an.y;
	F && (N.x && (Yt = bi(Ir, m)), N.y && (U = bi(Lr, m)), D.ori == 0 ? (Xt = Yt, Zt = U) : (Xt = U, Zt = Yt), G = N.left, K = N.top);
	let q = r.select = za({
		show: !0,
		over: !0,
		left: 0,
		width: 0,
		top: 0,
		height: 0
	}, e.select), cn = q.show ? bi(Fr, q.over ? m : p) : null;
	function ln(e, t) {
		if (q.show) {
			for (let t in e) q[t] = e[t], t in In && Y(cn, t, e[t]);
			t !== !1 && Yn("setSelect");
		}
	}
	r.setSelect = ln;
	function un(e) {
		if (v[e].show) P && vi(ce[e], Pr);
		else if (P && _i(ce[e], Pr), F) {
			let t = Ke ? H[0] : H[e];
			t != null && Si(t, -10, -10, B, V);
		}
	}
	function dn(e, t, n) {
		Jt(e, {
			min: t,
			max: n
		});
	}
	function fn(e, t, n, a) {
		t.focus != null && xn(e), t.show != null && v.forEach((n, r) => {
			r > 0 && (e == r || e == null) && (n.show = t.show, un(r), i == 2 ? (dn(n.facets[0].scale, null, null), dn(n.facets[1].scale, null, null)) : dn(n.scale, null, null), Gt());
		}), n !== !1 && Yn("setSeries", e, t), a && er("setSeries", r, e, t);
	}
	r.setSeries = fn;
	function pn(e, t) {
		za(x[e], t);
	}
	function mn(e, t) {
		e.fill = Z(e.fill || null), e.dir = X(e.dir, -1), t ??= x.length, x.splice(t, 0, e);
	}
	function hn(e) {
		e == null ? x.length = 0 : x.splice(e, 1);
	}
	r.addBand = mn, r.setBand = pn, r.delBand = hn;
	function gn(e, t) {
		v[e].alpha = t, F && H[e] != null && (H[e].style.opacity = t), P && ce[e] && (ce[e].style.opacity = t);
	}
	let _n, vn, yn, bn = { focus: !0 };
	function xn(e) {
		if (e != yn) {
			let t = e == null, n = We.alpha != 1;
			v.forEach((r, a) => {
				if (i == 1 || a > 0) {
					let i = t || a == 0 || a == e;
					r._focus = t ? null : i, n && gn(a, i ? 1 : We.alpha);
				}
			}), yn = e, n && Gt();
		}
	}
	P && Ge && _e(ii, L, (e) => {
		N._lock || (He(e), yn != null && fn(null, bn, !0, Zn.setSeries));
	});
	function Sn(e, t, n) {
		let r = b[t];
		n && (e = e / J - (r.ori == 1 ? xe : be));
		let i = B;
		r.ori == 1 && (i = V, e = i - e), r.dir == -1 && (e = i - e);
		let a = r._min, o = r._max, s = e / i, c = a + (o - a) * s, l = r.distr;
		return l == 3 ? ra(10, c) : l == 4 ? sa(c, r.asinh) : l == 100 ? r.bwd(c) : c;
	}
	function Cn(e, n) {
		return ji(Sn(e, S, n), t[0], at, ot);
	}
	r.valToIdx = (e) => ji(e, t[0]), r.posToIdx = Cn, r.posToVal = Sn, r.valToPos = (e, t, n) => b[t].ori == 0 ? a(e, b[t], n ? Oe : B, n ? Ee : 0) : o(e, b[t], n ? ke : V, n ? De : 0), r.setCursor = (e, t, n) => {
		G = e.left, K = e.top, jn(null, t, n);
	};
	function wn(e, t) {
		Y(cn, Xr, q.left = e), Y(cn, Kr, q.width = t);
	}
	function Tn(e, t) {
		Y(cn, Jr, q.top = e), Y(cn, qr, q.height = t);
	}
	let En = D.ori == 0 ? wn : Tn, Dn = D.ori == 1 ? wn : Tn;
	function On() {
		if (P && M.live) for (let e = +(i == 2); e < v.length; e++) {
			if (e == 0 && de) continue;
			let t = M.values[e], n = 0;
			for (let r in t) le[e][n++].firstChild.nodeValue = t[r];
		}
	}
	function kn(e, t) {
		if (e != null && (e.idxs ? e.idxs.forEach((e, t) => {
			ae[t] = e;
		}) : Ma(e.idx) || ae.fill(e.idx), M.idx = ae[0]), P && M.live) {
			for (let e = 0; e < v.length; e++) (e > 0 || i == 1 && !de) && An(e, ae[e]);
			On();
		}
		Fe = !1, t !== !1 && Yn("setLegend");
	}
	r.setLegend = kn;
	function An(e, n) {
		let i = v[e], a = e == 0 && O == 2 ? ct : t[e], o;
		de ? o = i.values(r, e, n) ?? fe : (o = i.value(r, n == null ? null : a[n], e, n), o = o == null ? fe : { _: o }), M.values[e] = o;
	}
	function jn(e, n, a) {
		tn = G, nn = K, [G, K] = N.move(r, G, K), N.left = G, N.top = K, F && (Xt && Si(Xt, $i(G), 0, B, V), Zt && Si(Zt, 0, $i(K), B, V));
		let o, s = at > ot;
		_n = la, vn = null;
		let c = D.ori == 0 ? B : V, l = D.ori == 1 ? B : V;
		if (G < 0 || it == 0 || s) {
			o = N.idx = null;
			for (let e = 0; e < v.length; e++) {
				let t = H[e];
				t != null && Si(t, -10, -10, B, V);
			}
			Ge && fn(null, bn, !0, e == null && Zn.setSeries), M.live && (ae.fill(o), Fe = !0);
		} else {
			let e, n, a;
			i == 1 && (e = D.ori == 0 ? G : K, n = Sn(e, S), o = N.idx = ji(n, t[0], at, ot), a = ee(t[0][o], D, c, 0));
			let s = -10, u = -10, d = 0, f = 0, p = !0, m = "", h = "";
			for (let e = +(i == 2); e < v.length; e++) {
				let g = v[e], _ = ae[e], y = _ == null ? null : i == 1 ? t[e][_] : t[e][1][_], x = N.dataIdx(r, e, o, n), S = x == null ? null : i == 1 ? t[e][x] : t[e][1][x];
				if (Fe = Fe || S != y || x != _, ae[e] = x, e > 0 && g.show) {
					let n = x == null ? -10 : x == o ? a : ee(i == 1 ? t[0][x] : t[e][0][x], D, c, 0), _ = S == null ? -10 : k(S, i == 1 ? b[g.scale] : b[g.facets[1].scale], l, 0);
					if (Ge && S != null) {
						let t = D.ori == 1 ? G : K, n = Zi(We.dist(r, e, x, _, t));
						if (n < _n) {
							let r = We.bias;
							if (r != 0) {
								let i = Sn(t, g.scale), a = S >= 0 ? 1 : -1, o = i >= 0 ? 1 : -1;
								o == a && (o == 1 ? r == 1 ? S >= i : S <= i : r == 1 ? S <= i : S >= i) && (_n = n, vn = e);
							} else _n = n, vn = e;
						}
					}
					if (Fe || Ke) {
						let t, i;
						D.ori == 0 ? (t = n, i = _) : (t = _, i = n);
						let a, o, c, l, g, v, y = !0, b = Ue.bbox;
						if (b != null) {
							y = !1;
							let t = b(r, e);
							c = t.left, l = t.top, a = t.width, o = t.height;
						} else c = t, l = i, a = o = Ue.size(r, e);
						if (v = Ue.fill(r, e), g = Ue.stroke(r, e), Ke) e == vn && _n <= We.prox && (s = c, u = l, d = a, f = o, p = y, m = v, h = g);
						else {
							let t = H[e];
							t != null && (qe[e] = c, Je[e] = l, Ei(t, a, o, y), wi(t, v, g), Si(t, ea(c), ea(l), B, V));
						}
					}
				}
			}
			if (Ke) {
				let e = We.prox;
				if (Fe || (yn == null ? _n <= e : _n > e || vn != yn)) {
					let e = H[0];
					e != null && (qe[0] = s, Je[0] = u, Ei(e, d, f, p), wi(e, m, h), Si(e, ea(s), ea(u), B, V));
				}
			}
		}
		if (q.show && rn) {
			if (e != null) {
				let [t, n] = Zn.scales, [r, i] = Zn.match, [a, o] = e.cursor.sync.scales, s = e.cursor.drag;
				if (on = s._x, sn = s._y, on || sn) {
					let { left: s, top: u, width: d, height: f } = e.select, p = e.scales[a].ori, m = e.posToVal, h, g, _, v, y, x = t != null && r(t, a), S = n != null && i(n, o);
					x && on ? (p == 0 ? (h = s, g = d) : (h = u, g = f), _ = b[t], v = ee(m(h, a), _, c, 0), y = ee(m(h + g, a), _, c, 0), En(ta(v, y), Zi(y - v))) : En(0, c), S && sn ? (p == 1 ? (h = s, g = d) : (h = u, g = f), _ = b[n], v = k(m(h, o), _, l, 0), y = k(m(h + g, o), _, l, 0), Dn(ta(v, y), Zi(y - v))) : Dn(0, l);
				} else Ln();
			} else {
				let e = Zi(tn - Qt), t = Zi(nn - W);
				if (D.ori == 1) {
					let n = e;
					e = t, t = n;
				}
				on = an.x && e >= an.dist, sn = an.y && t >= an.dist;
				let n = an.uni;
				n == null ? an.x && an.y && (on || sn) && (on = sn = !0) : on && sn && (on = e >= n, sn = t >= n, !on && !sn && (t > e ? sn = !0 : on = !0));
				let r, i;
				on && (D.ori == 0 ? (r = $t, i = G) : (r = en, i = K), En(ta(r, i), Zi(i - r)), sn || Dn(0, l)), sn && (D.ori == 1 ? (r = $t, i = G) : (r = en, i = K), Dn(ta(r, i), Zi(i - r)), on || En(0, c)), !on && !sn && (En(0, 0), Dn(0, 0));
			}
		}
		if (an._x = on, an._y = sn, e == null) {
			if (a) {
				if (Qn != null) {
					let [e, t] = Zn.scales;
					Zn.values[0] = e == null ? null : Sn(D.ori == 0 ? G : K, e), Zn.values[1] = t == null ? null : Sn(D.ori == 1 ? G : K, t);
				}
				er(ei, r, G, K, B, V, o);
			}
			if (Ge) {
				let e = a && Zn.setSeries, t = We.prox;
				yn == null ? _n <= t && fn(vn, bn, !0, e) : _n > t ? fn(null, bn, !0, e) : vn != yn && fn(vn, bn, !0, e);
			}
		}
		Fe && (M.idx = o, kn()), n !== !1 && Yn("setCursor");
	}
	let Mn = null;
	Object.defineProperty(r, "rect", { get() {
		return Mn ?? Nn(!1), Mn;
	} });
	function Nn(e = !1) {
		e ? Mn = null : (Mn = m.getBoundingClientRect(), Yn("syncRect", Mn));
	}
	function Pn(e, t, n, r, i, a, o) {
		N._lock || rn && e != null && e.movementX == 0 && e.movementY == 0 || (Fn(e, t, n, r, i, a, o, !1, e != null), e == null ? jn(t, !0, !1) : jn(null, !0, !0));
	}
	function Fn(e, t, n, i, a, o, c, l, u) {
		if (Mn ?? Nn(!1), He(e), e != null) n = e.clientX - Mn.left, i = e.clientY - Mn.top;
		else {
			if (n < 0 || i < 0) {
				G = -10, K = -10;
				return;
			}
			let [e, r] = Zn.scales, c = t.cursor.sync, [l, u] = c.values, [d, f] = c.scales, [p, m] = Zn.match, h = t.axes[0].side % 2 == 1, g = D.ori == 0 ? B : V, _ = D.ori == 1 ? B : V, v = h ? o : a, y = h ? a : o, x = h ? i : n, S = h ? n : i;
			if (n = d == null ? x / v * g : p(e, d) ? s(l, b[e], g, 0) : -10, i = f == null ? S / y * _ : m(r, f) ? s(u, b[r], _, 0) : -10, D.ori == 1) {
				let e = n;
				n = i, i = e;
			}
		}
		u && (t == null || t.cursor.event.type == ei) && ((n <= 1 || n >= B - 1) && (n = xa(n, B)), (i <= 1 || i >= V - 1) && (i = xa(i, V))), l ? (Qt = n, W = i, [$t, en] = N.move(r, n, i)) : (G = n, K = i);
	}
	let In = {
		width: 0,
		height: 0,
		left: 0,
		top: 0
	};
	function Ln() {
		ln(In, !1);
	}
	let Rn, zn, Bn, Vn;
	function Hn(e, t, n, i, a, o, s) {
		rn = !0, on = sn = an._x = an._y = !1, Fn(e, t, n, i, a, o, s, !0, !1), e != null && (_e(ni, fi, Un, !1), er(ti, r, $t, en, B, V, null));
		let { left: c, top: l, width: u, height: d } = q;
		Rn = c, zn = l, Bn = u, Vn = d;
	}
	function Un(e, t, n, i, a, o, s) {
		rn = an._x = an._y = !1, Fn(e, t, n, i, a, o, s, !1, !0);
		let { left: c, top: l, width: u, height: d } = q, f = u > 0 || d > 0, p = Rn != c || zn != l || Bn != u || Vn != d;
		if (f && p && ln(q), an.setScale && f && p) {
			let e = c, t = u, n = l, r = d;
			if (D.ori == 1 && (e = l, t = d, n = c, r = u), on && dn(S, Sn(e, S), Sn(e + t, S)), sn) for (let e in b) {
				let t = b[e];
				e != S && t.from == null && t.min != la && dn(e, Sn(n + r, e), Sn(n, e));
			}
			Ln();
		} else N.lock && (N._lock = !N._lock, jn(t, !0, e != null));
		e != null && (ve(ni, fi), er(ni, r, G, K, B, V, null));
	}
	function Wn(e, t, n, r, i, a, o) {
		if (N._lock) return;
		He(e);
		let s = rn;
		if (rn) {
			let e = !0, t = !0, n, r;
			D.ori == 0 ? (n = on, r = sn) : (n = sn, r = on), n && r && (e = G <= 10 || G >= B - 10, t = K <= 10 || K >= V - 10), n && e && (G = G < $t ? 0 : B), r && t && (K = K < en ? 0 : V), jn(null, !0, !0), rn = !1;
		}
		G = -10, K = -10, ae.fill(null), jn(null, !0, !0), s && (rn = s);
	}
	function Gn(e, t, n, i, a, o, s) {
		N._lock || (He(e), dt(), Ln(), e != null && er(ai, r, G, K, B, V, null));
	}
	function Kn() {
		y.forEach(wc), Ie(r.width, r.height, !0);
	}
	ki(li, pi, Kn);
	let qn = {};
	qn.mousedown = Hn, qn.mousemove = Pn, qn.mouseup = Un, qn.dblclick = Gn, qn.setSeries = (e, t, n, i) => {
		let a = Zn.match[2];
		n = a(r, t, n), n != -1 && fn(n, i, !0, !1);
	}, F && (_e(ti, m, Hn), _e(ei, m, Pn), _e(ri, m, (e) => {
		He(e), Nn(!1);
	}), _e(ii, m, Wn), _e(ai, m, Gn), cc.add(r), r.syncRect = Nn);
	let Jn = r.hooks = e.hooks || {};
	function Yn(e, t, n) {
		Ht ? Ut.push([
			e,
			t,
			n
		]) : e in Jn && Jn[e].forEach((e) => {
			e.call(null, r, t, n);
		});
	}
	(e.plugins || []).forEach((e) => {
		for (let t in e.hooks) Jn[t] = (Jn[t] || []).concat(e.hooks[t]);
	});
	let Xn = (e, t, n) => n, Zn = za({
		key: null,
		setSeries: !1,
		filters: {
			pub: _a,
			sub: _a
		},
		scales: [S, v[1] ? v[1].scale : null],
		match: [
			va,
			va,
			Xn
		],
		values: [null, null]
	}, N.sync);
	Zn.match.length == 2 && Zn.match.push(Xn), N.sync = Zn;
	let Qn = Zn.key, $n = ks(Qn);
	function er(e, t, n, r, i, a, o) {
		Zn.filters.pub(e, t, n, r, i, a, o) && $n.pub(e, t, n, r, i, a, o);
	}
	$n.sub(r);
	function tr(e, t, n, r, i, a, o) {
		Zn.filters.sub(e, t, n, r, i, a, o) && qn[e](null, t, n, r, i, a, o);
	}
	r.pub = tr;
	function nr() {
		$n.unsub(r), cc.delete(r), ge.clear(), Ai(li, pi, Kn), l.remove(), L?.remove(), Yn("destroy");
	}
	r.destroy = nr;
	function rr() {
		Yn("init", e, t), ut(t || e.data, !1), A[S] ? Jt(S, A[S]) : dt(), Pe = q.show && (q.width > 0 || q.height > 0), Ne = Fe = !0, Ie(e.width, e.height);
	}
	return v.forEach(Xe), y.forEach(et), n ? n instanceof HTMLElement ? (n.appendChild(l), rr()) : n(r, rr) : rr(), r;
}
Tc.assign = za, Tc.fmtNum = Ji, Tc.rangeNum = Wi, Tc.rangeLog = Ri, Tc.rangeAsinh = zi, Tc.orient = Ms, Tc.pxRatio = J, Tc.join = Wa, Tc.fmtDate = ro, Tc.tzDate = ao, Tc.sync = ks;
{
	Tc.addGap = Ls, Tc.clipGaps = Is;
	let e = Tc.paths = { points: Zs };
	e.linear = tc, e.stepped = nc, e.bars = ic, e.spline = oc;
}
// src/views/trail/toolbar/chart.ts
var Ec = 86400, Dc = 18, Oc = 40, kc = 4, Ac = 250;
function jc(e, t) {
	let { bars: n, height: r, getColours: i } = t, a = n[0]?.startMs ?? 0, o = n.at(-1)?.endMs ?? 1, s = Math.max(1, ...n.map((e) => e.successful + e.failed)), c = Tc.paths.bars?.({
		size: [.82, 48],
		align: 0,
		gap: 0
	}), l = (e) => ({
		fill: e,
		width: 0,
		points: { show: !1 },
		...c ? { paths: c } : {}
	});
	return new Tc({
		width: Math.max(e.clientWidth, 1),
		height: r,
		padding: [
			6,
			8,
			0,
			0
		],
		legend: { show: !1 },
		cursor: Mc(),
		scales: {
			x: {
				time: !0,
				range: () => [a / 1e3, o / 1e3]
			},
			y: { range: () => [0, s] }
		},
		axes: Nc(i, s, t.timeZone),
		series: [
			{},
			l(() => i().successful),
			l((e) => Fc(e, i()))
		],
		hooks: Ic(t),
		...t.timeZone === void 0 ? {} : { tzDate: (e) => Tc.tzDate(/* @__PURE__ */ new Date(e * 1e3), "Etc/UTC") }
	}, [
		n.map((e) => (e.startMs + e.endMs) / 2e3),
		n.map((e) => e.successful + e.failed),
		n.map((e) => e.failed)
	], e);
}
function Mc() {
	return {
		y: !1,
		points: { show: !1 },
		drag: {
			x: !0,
			y: !1,
			setScale: !1,
			dist: kc
		},
		bind: { dblclick: () => null }
	};
}
function Nc(e, t, n) {
	let r = {
		stroke: () => e().text,
		font: "11px system-ui, sans-serif",
		ticks: { show: !1 },
		gap: 3
	}, i = new Intl.NumberFormat(void 0, { notation: "compact" });
	return [{
		...r,
		size: Dc,
		space: 72,
		align: 1,
		grid: { show: !1 },
		values: (e, t, r, i, a) => {
			let o = Pc(a, n), s = Pc(Ec, n);
			return t.map((e) => (a < Ec && (/* @__PURE__ */ new Date(e * 1e3)).getHours() === 0 ? s : o).format(e * 1e3));
		}
	}, {
		...r,
		size: Oc,
		splits: () => t > 1 ? [
			0,
			Math.floor(t / 2),
			t
		] : [0, 1],
		values: (e, t) => t.map((e) => e === 0 ? "" : i.format(e)),
		grid: {
			stroke: () => e().line,
			width: 1
		}
	}];
}
function Pc(e, t) {
	return e < Ec ? new Intl.DateTimeFormat(void 0, {
		hour: "2-digit",
		minute: "2-digit",
		hourCycle: "h23",
		timeZone: t
	}) : e < 28 * Ec ? new Intl.DateTimeFormat(void 0, {
		month: "short",
		day: "numeric",
		timeZone: t
	}) : new Intl.DateTimeFormat(void 0, {
		year: "numeric",
		month: "short",
		timeZone: t
	});
}
function Fc(e, t) {
	let n = 6 * (window.devicePixelRatio || 1), r = document.createElement("canvas");
	r.width = r.height = n;
	let i = r.getContext("2d");
	if (i === null) return t.failed;
	i.fillStyle = t.failed, i.fillRect(0, 0, n, n), i.strokeStyle = t.surface, i.lineWidth = n / 5, i.beginPath();
	for (let e of [
		-n,
		0,
		n
	]) i.moveTo(e, n), i.lineTo(e + n, 0);
	return i.stroke(), e.ctx.createPattern(r, "repeat") ?? t.failed;
}
function Ic(e) {
	let t, n = (e, t) => e.posToVal(t, "x") * 1e3;
	return {
		setSelect: [(t) => {
			let { left: r, width: i } = t.select;
			i >= kc && e.onBrush(n(t, r), n(t, r + i)), i > 0 && t.setSelect({
				left: 0,
				top: 0,
				width: 0,
				height: 0
			}, !1);
		}],
		setCursor: [(t) => {
			let { left: r } = t.cursor;
			e.onHover(r === void 0 || r < 0 ? null : Lc(e.bars, n(t, r)));
		}],
		ready: [(r) => {
			r.over.addEventListener("click", (i) => {
				if (clearTimeout(t), i.detail > 1) return;
				let a = Lc(e.bars, n(r, i.offsetX));
				t = setTimeout(() => a !== null && e.onClick(a), Ac);
			}), r.over.addEventListener("dblclick", () => e.onBack());
		}],
		destroy: [() => clearTimeout(t)]
	};
}
function Lc(e, t) {
	let n = e.findIndex((e) => e.startMs <= t && t < e.endMs);
	return n < 0 ? null : n;
}
// src/views/trail/toolbar/canvas.tsx
function Rc(e) {
	let { preferences: t } = He(), n = ke(null), r = ke(null), i = ke(e);
	return i.current = e, De(() => {
		let t = n.current;
		if (t === null || e.bars.length === 0) return;
		let a = jc(t, {
			bars: e.bars,
			timeZone: e.timeZone,
			height: t.clientHeight,
			getColours: () => zc(t),
			onBrush: (e, t) => i.current.onBrush(e, t),
			onClick: (e) => i.current.onClick(e),
			onBack: () => i.current.onBack(),
			onHover: (e) => i.current.onHover(e)
		});
		r.current = a;
		let o = new ResizeObserver(() => {
			a.setSize({
				width: Math.max(t.clientWidth, 1),
				height: t.clientHeight
			});
		});
		return o.observe(t), () => {
			o.disconnect(), a.destroy(), r.current = null;
		};
	}, [e.bars, e.timeZone]), jt(() => {
		t.value.theme, requestAnimationFrame(() => r.current?.redraw());
	}), De(() => {
		let e = window.matchMedia("(prefers-color-scheme: dark)"), t = () => r.current?.redraw();
		return e.addEventListener("change", t), () => e.removeEventListener("change", t);
	}, []), /* @__PURE__ */ U("div", {
		ref: n,
		class: "toolbar-histogram-canvas",
		"aria-hidden": "true"
	});
}
function zc(e) {
	let t = getComputedStyle(e);
	return {
		successful: t.color,
		failed: t.outlineColor,
		surface: t.backgroundColor,
		text: t.caretColor,
		line: t.borderTopColor
	};
}
// src/views/trail/toolbar/legend.tsx
function Bc({ summary: e, hovered: t, isByDay: n, intervals: r, filters: i, onBack: a }) {
	let o = t ?? e, s = Dn(i).map((e) => W.filters.names[e]);
	return /* @__PURE__ */ U("p", {
		class: "toolbar-histogram-legend",
		children: [
			o === null ? /* @__PURE__ */ U("span", { children: W.histogram.loading }) : /* @__PURE__ */ U(S, { children: [
				/* @__PURE__ */ U("span", {
					class: "toolbar-histogram-events",
					children: t ? Hc(t, n) : Vc(o.successful + o.failed)
				}),
				/* @__PURE__ */ U("span", {
					class: "toolbar-histogram-key toolbar-histogram-key-successful",
					children: W.histogram.succeeded(hr(o.successful))
				}),
				/* @__PURE__ */ U("span", {
					class: "toolbar-histogram-key toolbar-histogram-key-failed",
					children: W.histogram.failed(hr(o.failed))
				}),
				!t && /* @__PURE__ */ U("span", {
					class: "toolbar-histogram-quiet",
					children: W.histogram.interval[n ? "day" : "hour"](r)
				})
			] }),
			e && /* @__PURE__ */ U("span", {
				class: "toolbar-hidden",
				children: Uc(e, n)
			}),
			s.length > 0 && /* @__PURE__ */ U("span", {
				class: "toolbar-histogram-ignored",
				children: W.histogram.ignores(s.join(", "))
			}),
			a && /* @__PURE__ */ U("button", {
				type: "button",
				class: "toolbar-button-quiet",
				onClick: a,
				children: W.histogram.back
			})
		]
	});
}
function Vc(e) {
	return e === 1 ? W.histogram.oneEvent : W.histogram.events(hr(e));
}
function Hc(e, t) {
	return t ? pr(e.startMs, e.endMs) : fr(e.startMs, e.endMs);
}
function Uc({ busiest: e }, t) {
	if (e === null) return W.histogram.empty;
	let n = Vc(e.successful + e.failed);
	return `${W.histogram.busiest(Hc(e, t), n)} ${W.histogram.help}`;
}
function Wc({ bars: e, isByDay: t }) {
	let { table: n } = W.histogram, r = e.filter((e) => e.successful + e.failed > 0);
	return r.length === 0 ? null : /* @__PURE__ */ U("div", {
		class: "toolbar-hidden",
		children: /* @__PURE__ */ U("table", { children: [
			/* @__PURE__ */ U("caption", { children: n.caption }),
			/* @__PURE__ */ U("thead", { children: /* @__PURE__ */ U("tr", { children: [
				/* @__PURE__ */ U("th", {
					scope: "col",
					children: n.start
				}),
				/* @__PURE__ */ U("th", {
					scope: "col",
					children: n.succeeded
				}),
				/* @__PURE__ */ U("th", {
					scope: "col",
					children: n.failed
				})
			] }) }),
			/* @__PURE__ */ U("tbody", { children: r.map((e) => /* @__PURE__ */ U("tr", { children: [
				/* @__PURE__ */ U("th", {
					scope: "row",
					children: Hc(e, t)
				}),
				/* @__PURE__ */ U("td", { children: hr(e.successful) }),
				/* @__PURE__ */ U("td", { children: hr(e.failed) })
			] }, e.startMs)) })
		] })
	});
}
// src/views/trail/toolbar/series.ts
var Gc = 36e5, Kc = 24 * Gc, qc = 8 * Kc, Jc = 200, Yc = 24;
function Xc(e, t, n) {
	let r = Object.fromEntries(Nt.map((e) => [e, t[e]])), i = Zc(n);
	return {
		key: JSON.stringify([
			e,
			r,
			n
		]),
		interval: i,
		query: (t) => ({
			tenantId: e || void 0,
			...r,
			...Qc(n, i, t),
			interval: i
		})
	};
}
function Zc(e) {
	return e.kind === "all" ? "day" : (e.kind === "preset" ? Pt[e.preset] * 36e5 : Date.parse(e.end) - Date.parse(e.start)) <= qc ? "hour" : "day";
}
function Qc(e, t, n) {
	if (e.kind === "preset") return { startDate: $c(n - Pt[e.preset] * Gc) };
	let r = e.kind === "fixed" ? Date.parse(e.end) - 1 : n, i = Math.max(0, Math.floor(r / Kc - 3659) * Kc), a = e.kind === "fixed" ? Date.parse(e.start) : i, o = $c(t === "day" ? Math.max(a, i) : a);
	return e.kind === "fixed" ? {
		startDate: o,
		endDate: $c(r)
	} : { startDate: o };
}
var $c = (e) => new Date(e).toISOString();
function el(e, t, n) {
	let r = t === "hour" ? Gc : Kc, i = (e.series ?? []).map(({ start: e, successful: t, failed: n }) => {
		let i = Date.parse(e);
		return {
			startMs: i,
			endMs: i + r,
			successful: t,
			failed: n
		};
	}), a = i.findIndex((e) => e.successful + e.failed > 0), o = n ? Math.min(a < 0 ? i.length : a, i.length - Yc) : 0, s = i.slice(Math.max(o, 0)), c = Math.max(1, Math.ceil(s.length / Jc)), l = [];
	for (let e = 0; e < s.length; e += c) l.push(tl(s.slice(e, e + c)));
	return {
		bars: l,
		intervals: c
	};
}
function tl(e) {
	return e.reduce((e, t) => ({
		startMs: e.startMs,
		endMs: t.endMs,
		successful: e.successful + t.successful,
		failed: e.failed + t.failed
	}));
}
function nl(e, t, n) {
	let r = e.filter((e) => e.startMs <= n && e.endMs > t), [i] = r, a = r.at(-1);
	return i === void 0 || a === void 0 ? null : {
		kind: "fixed",
		start: $c(i.startMs),
		end: $c(a.endMs)
	};
}
function rl(e) {
	let t = null, n = 0, r = 0;
	for (let i of e) n += i.successful, r += i.failed, i.successful + i.failed > (t ? t.successful + t.failed : 0) && (t = i);
	return {
		successful: n,
		failed: r,
		busiest: t
	};
}
function il(e, t) {
	return t === void 0 ? e : e.map((e) => t === "true" ? {
		...e,
		failed: 0
	} : {
		...e,
		successful: 0
	});
}
// src/views/trail/toolbar/statistics-source.ts
var al = {
	statistics: null,
	request: null,
	error: null,
	isLoading: !0
};
function ol(e, t, n) {
	let [r, i] = Te(al), [a, o] = Te(0);
	return De(() => {
		let r = new AbortController();
		return i((e) => ({
			...e,
			isLoading: !0,
			error: null
		})), e.getStatistics(t.query(Date.now()), r.signal).then((e) => {
			r.signal.aborted || (i({
				statistics: e,
				request: t,
				error: null,
				isLoading: !1
			}), n(e));
		}, (e) => {
			r.signal.aborted || i({
				statistics: null,
				request: null,
				error: e,
				isLoading: !1
			});
		}), () => r.abort();
	}, [t.key, a]), [r, () => o((e) => e + 1)];
}
// src/views/trail/toolbar/count-failure.tsx
function sl({ error: e, retry: t }) {
	let n = e instanceof ce ? e.kind : "failed", [r, i] = W.failures[n], a = e instanceof ce && n === "invalid" ? e.message : i;
	return /* @__PURE__ */ U("div", {
		class: "toolbar-histogram-failure",
		role: "alert",
		children: [/* @__PURE__ */ U("span", { children: [
			/* @__PURE__ */ U("strong", { children: ["⚠ ", n === "invalid" ? W.filters.refused : r] }),
			" ",
			a
		] }), /* @__PURE__ */ U("button", {
			type: "button",
			class: "toolbar-button",
			onClick: t,
			children: W.histogram.retry
		})]
	});
}
// src/views/trail/toolbar/histogram.tsx
function cl({ suggestions: e }) {
	let { api: t, navigation: n } = He(), { tenantId: r, filters: i, range: a } = n.place.value, [o, s] = ol(t, Xc(r, i, a), (t) => e.remember(r, t)), [c, l] = Te(null), u = ll(a, (e) => n.go({ range: e })), { statistics: d, request: f } = o, p = Ae(() => d && f ? el(d, f.interval, a.kind === "all") : null, [d]), m = Ae(() => p ? il(p.bars, i.success) : [], [p, i.success]);
	De(() => l(null), [m]);
	let h = f?.interval === "day", g = (e, t) => {
		let n = nl(m, e, t);
		n && u.enter(n);
	};
	return o.error === null ? /* @__PURE__ */ U("section", {
		class: "toolbar-histogram",
		"aria-label": W.histogram.label,
		"aria-busy": o.isLoading,
		children: [
			/* @__PURE__ */ U(Bc, {
				summary: p && rl(m),
				hovered: c === null ? null : m[c] ?? null,
				isByDay: h,
				intervals: p?.intervals ?? 1,
				filters: i,
				onBack: a.kind === "fixed" ? u.leave : null
			}),
			/* @__PURE__ */ U(Rc, {
				bars: m,
				timeZone: h ? "UTC" : void 0,
				onBrush: g,
				onClick: (e) => {
					let t = m[e];
					t && g(t.startMs, t.endMs - 1);
				},
				onBack: u.leave,
				onHover: l
			}),
			/* @__PURE__ */ U(Wc, {
				bars: m,
				isByDay: h
			})
		]
	}) : /* @__PURE__ */ U(sl, {
		error: o.error,
		retry: s
	});
}
function ll(e, t) {
	let n = ke([]);
	return {
		enter(r) {
			JSON.stringify(r) !== JSON.stringify(e) && (n.current.push(e), t(r));
		},
		leave() {
			let r = n.current.pop();
			r === void 0 ? e.kind === "fixed" && t(Ft) : t(r);
		}
	};
}
// src/views/trail/toolbar/picker.ts
var ul = 6e4;
function dl(e) {
	let t = new Date(e), n = (e) => String(e).padStart(2, "0");
	return `${`${t.getFullYear()}-${n(t.getMonth() + 1)}-${n(t.getDate())}`}T${n(t.getHours())}:${n(t.getMinutes())}`;
}
function fl(e, t) {
	let n = Date.parse(e), r = Date.parse(t);
	return !e || !t || Number.isNaN(n) || Number.isNaN(r) ? "missing" : n >= r ? "reversed" : {
		kind: "fixed",
		start: new Date(n).toISOString(),
		end: new Date(r).toISOString()
	};
}
function pl(e, t, n) {
	if (e.kind === "fixed") return {
		startMs: Date.parse(e.start),
		endMs: Date.parse(e.end)
	};
	let r = Math.ceil(n / ul) * ul;
	return {
		startMs: r - t * 60 * ul,
		endMs: r
	};
}
// src/views/trail/toolbar/range.tsx
var ml = Object.keys(Pt);
function hl() {
	let { navigation: e } = He(), { range: t } = e.place.value, n = (t) => e.go({ range: t });
	return /* @__PURE__ */ U("div", {
		class: "toolbar-segments",
		role: "group",
		"aria-label": W.range.label,
		children: [
			ml.map((e) => /* @__PURE__ */ U("button", {
				type: "button",
				"aria-label": W.range.longPresets[e],
				"aria-pressed": t.kind === "preset" && t.preset === e,
				onClick: () => n({
					kind: "preset",
					preset: e
				}),
				children: W.range.presets[e]
			}, e)),
			/* @__PURE__ */ U("button", {
				type: "button",
				"aria-label": W.range.longAll,
				"aria-pressed": t.kind === "all",
				onClick: () => n({ kind: "all" }),
				children: W.range.all
			}),
			/* @__PURE__ */ U(mn, {
				title: W.range.customTitle,
				label: t.kind === "fixed" ? dr(t) : W.range.custom,
				pressed: t.kind === "fixed",
				children: (e) => /* @__PURE__ */ U(gl, {
					range: t,
					onCancel: e,
					onApply: (t) => {
						n(t), e();
					}
				})
			})
		]
	});
}
function gl({ range: e, onApply: t, onCancel: n }) {
	let { startMs: r, endMs: i } = pl(e, Pt[e.kind === "preset" ? e.preset : Ft.preset], Date.now()), a = wt(dl(r)), o = wt(dl(i)), s = wt(null), c = Me();
	return /* @__PURE__ */ U("form", {
		class: "toolbar-form",
		onSubmit: (e) => {
			e.preventDefault();
			let n = fl(a.value, o.value);
			typeof n == "string" ? s.value = n : t(n);
		},
		noValidate: !0,
		children: [
			/* @__PURE__ */ U("label", {
				for: `${c}-from`,
				children: W.range.from
			}),
			/* @__PURE__ */ U("input", {
				id: `${c}-from`,
				type: "datetime-local",
				value: a.value,
				onInput: (e) => a.value = e.currentTarget.value
			}),
			/* @__PURE__ */ U("label", {
				for: `${c}-to`,
				children: W.range.to
			}),
			/* @__PURE__ */ U("input", {
				id: `${c}-to`,
				type: "datetime-local",
				value: o.value,
				"aria-invalid": s.value !== null,
				"aria-describedby": `${c}-hint`,
				onInput: (e) => o.value = e.currentTarget.value
			}),
			/* @__PURE__ */ U("p", {
				id: `${c}-hint`,
				class: s.value ? "toolbar-form-problem" : "toolbar-form-hint",
				"aria-live": "polite",
				children: s.value ? `⚠ ${W.range[s.value]}` : W.range.zone(mr())
			}),
			/* @__PURE__ */ U("p", {
				class: "toolbar-form-buttons",
				children: [/* @__PURE__ */ U("button", {
					type: "submit",
					class: "toolbar-button-main",
					children: W.range.apply
				}), /* @__PURE__ */ U("button", {
					type: "button",
					class: "toolbar-button",
					onClick: n,
					children: W.range.cancel
				})]
			})
		]
	});
}
// src/views/trail/toolbar/suggestions.ts
var _l = 500, vl = "(other)";
function yl() {
	let e = rt({}), t = "";
	return {
		known: e,
		remember(n, r) {
			let i = t === n ? e.peek() : {};
			t = n;
			let a = r.actionBreakdown.map(({ action: e }) => e), o = r.resourceTypeBreakdown.map(({ resourceType: e }) => e);
			e.value = {
				...i,
				action: xl(i.action, [...a, ...bl(a)]),
				resourceType: xl(i.resourceType, o)
			};
		},
		use(t, n) {
			e.value = {
				...e.peek(),
				[t]: xl([n], e.peek()[t] ?? [])
			};
		}
	};
}
function bl(e) {
	let t = /* @__PURE__ */ new Map();
	for (let n of e) {
		let e = /^[^.:/]+[.:/]/.exec(n)?.[0];
		e && t.set(e, (t.get(e) ?? 0) + 1);
	}
	return [...t].filter(([, e]) => e > 1).map(([e]) => `${e}*`);
}
function xl(e = [], t) {
	return [.../* @__PURE__ */ new Set([...e, ...t])].filter((e) => e !== vl).slice(0, _l);
}
// src/views/trail/toolbar.tsx
function Sl() {
	let { api: e, navigation: t } = He(), { filters: n, range: r } = t.place.value, i = Ae(yl, []), a = Ae(() => xr(e), [e]), [o, s] = Te(!1);
	return /* @__PURE__ */ U("section", {
		class: "toolbar",
		"aria-label": W.filters.region,
		children: [
			/* @__PURE__ */ U("button", {
				type: "button",
				class: "toolbar-button toolbar-fold",
				"aria-expanded": o,
				onClick: () => s(!o),
				children: [
					/* @__PURE__ */ U("span", {
						"aria-hidden": "true",
						children: o ? "▾" : "▸"
					}),
					" ",
					W.filters.fold(Object.keys(n).length, dr(r))
				]
			}),
			/* @__PURE__ */ U("div", {
				class: o ? "toolbar-row toolbar-row-open" : "toolbar-row",
				children: [
					/* @__PURE__ */ U(Mn, { suggestions: i }),
					/* @__PURE__ */ U(hl, {}),
					/* @__PURE__ */ U(gr, { exports: a })
				]
			}),
			On(n) && /* @__PURE__ */ U("p", {
				class: "toolbar-hint",
				children: W.filters.slow
			}),
			/* @__PURE__ */ U(cl, { suggestions: i }),
			/* @__PURE__ */ U(Sr, { exports: a })
		]
	});
}
// src/views/trail/trail.tsx
function Cl() {
	let { navigation: e } = He(), { eventId: t, tenantId: n } = e.place.value;
	return /* @__PURE__ */ U("div", {
		class: "trail",
		children: [/* @__PURE__ */ U(Sl, {}), /* @__PURE__ */ U("div", {
			class: "trail-body",
			children: [/* @__PURE__ */ U(Qt, {}), t !== null && /* @__PURE__ */ U(Zt, {
				id: t,
				tenantId: n
			}, t)]
		})]
	});
}
// src/element.tsx
var wl = class extends HTMLElement {
	getToken = async () => null;
	connectedCallback() {
		let e = this.shadowRoot ?? this.attachShadow({ mode: "open" }), t = new CSSStyleSheet();
		t.replaceSync(qt), e.adoptedStyleSheets = [t];
		let n = this.getAttribute("api") ?? "", r = {
			settings: { api: n },
			api: le(n, () => this.getToken()),
			navigation: Vt({ tenantId: this.getAttribute("tenant") ?? "" }),
			preferences: Wt(null)
		};
		oe(/* @__PURE__ */ U(Ve.Provider, {
			value: r,
			children: /* @__PURE__ */ U(Cl, {})
		}), e);
	}
	disconnectedCallback() {
		this.shadowRoot && oe(null, this.shadowRoot);
	}
};
customElements.define("audit-trail", wl);
export { wl as AuditTrail };
