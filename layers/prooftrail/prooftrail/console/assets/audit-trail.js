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
	s && ((n = v({ constructor: f }, r)).__v = r.__v + 1, e.vnode && e.vnode(n), N(s, n, r, t.__n, s.namespaceURI, 32 & r.__u ? [i] : null, a, i || w(r), 32 & r.__u, o), n.__v = r.__v, n.__.__k[n.__i] = n, F(a, n, o), r.__ = r.__e = null, n.__e != i && E(n));
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
	for (c = k(n, t, y, c, b), d = 0; d < b; d++) (h = n.__k[d]) != null && (f = ~h.__i && y[h.__i] || p, h.__i = d, v = N(e, h, f, i, a, o, s, c, l, u), g = h.__e, (f.ref != h.ref || 8 & f.__u) && (f.ref && I(f.ref, null, h, f), h.ref && u.push(h.ref, h.__c || g, h)), _ ||= g, 4 & h.__u ? (c = A(h, c, e, !f.__v), f.__e && (f.__e = null)) : typeof h.type == "function" && v !== void 0 ? c = v : g && (c = g.nextSibling), h.__u &= -21);
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
	if (_) for (a = 0; a < h; a++) !(s = n[a]) || 2 & s.__u || (s.__e == r && (r = w(s)), ae(s, s));
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
function j(e, t, n) {
	n ??= "", t[0] == "-" ? e.setProperty(t, n) : e[t] = n;
}
function M(e, t, n, r, i) {
	var a, o;
	if (t == "style") {
		if (typeof n == "string") e.style.cssText = n;
		else {
			if (typeof r == "string" && (e.style.cssText = r = ""), r) for (t in r) n && t in n || j(e.style, t);
			if (n) for (t in n) r && n[t] == r[t] || j(e.style, t, n[t]);
		}
	} else if (t[0] == "o" && t[1] == "n") typeof n != "function" && (n = null), typeof r != "function" && (r = null), (e.__e ||= {})[t] = n, n && r || (o = u[t] || (u[t] = ne(t)), (e.__a ||= {})[t] = l, a = t != (t = t.replace(c, "$1")), (t = t.slice(2))[0] < "a" && (t = t.toLowerCase()), n ? e.addEventListener(t, o, a) : e.removeEventListener(t, o, a));
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
function ne(t) {
	return function(n) {
		var r = this.__e;
		if (r) {
			if (r = r[t], n[s] == null) n[s] = l++;
			else if (n[s] < this.__a[t]) return;
			return r(e.event ? e.event(n) : n);
		}
	};
}
function N(t, n, r, i, a, o, s, c, l, u) {
	var d, p, h, _, b, x, T, E, D, O, k, A, te, j, M, ne, N, F, I = n.type;
	if (n.constructor !== f) return null;
	128 & r.__u && (l = 32 & r.__u, d = r.__c.__z) && (n.__u |= l, p = o = [], d.nodeType == 8 ? c = P(d, o) : o.push(d), c = o[0] || c), (d = e.__b) && d(n);
	n: if (typeof I == "function") {
		h = s.length;
		try {
			if (E = n.props, D = (d = I.prototype) && d.render, O = (d = I.contextType) && i[d.__c], k = d ? O ? O.props.value : d.__ : i, (_ = r.__c) ? (n.__c = _, 2 & _.__g && (_.__g |= 1)) : (D ? n.__c = _ = new I(E, k) : (n.__c = _ = new C(E, k), _.constructor = I, _.render = oe), O && O.sub(_), _.state || (_.state = {}), _.__n = i, _.__g |= 8, _.__h = [], _.__k = []), D && (_.__s || (_.__s = _.state), I.getDerivedStateFromProps && (_.__s == _.state && (_.__s = v({}, _.__s)), v(_.__s, I.getDerivedStateFromProps(E, _.__s)))), b = _.props, x = _.state, _.__v = n, r.__c) {
				if (E !== b && D && !I.getDerivedStateFromProps && _.componentWillReceiveProps && _.componentWillReceiveProps(E, k), n.__v == r.__v && !(8 & _.__g) || !(4 & _.__g) && _.shouldComponentUpdate && !1 === _.shouldComponentUpdate(E, _.__s, k)) {
					n.__v != r.__v && (_.props = E, _.state = _.__s, _.__g &= -9), n.__e = r.__e, n.__k = r.__k, n.__k.some(function(e) {
						e && (e.__ = n);
					}), m.push.apply(_.__h, _.__k), _.__k = [], _.__h.length && s.push(_), c = w(r);
					break n;
				}
				_.componentWillUpdate && _.componentWillUpdate(E, _.__s, k), D && _.componentDidUpdate && _.__h.push(function() {
					_.componentDidUpdate(b, x, T);
				});
			} else D && !I.getDerivedStateFromProps && _.componentWillMount && _.componentWillMount(), D && _.componentDidMount && _.__h.push(_.componentDidMount);
			_.context = k, _.props = E, _.__P = t, _.__g &= -5, A = e.__r, te = D ? 25 : 0;
			do
				_.__g &= -9, A && A(n), d = _.render(_.props, _.state = _.__s, _.context);
			while (8 & _.__g && ++te < 25);
			D && (m.push.apply(_.__h, _.__k), _.__k = []), _.state = _.__s, _.getChildContext && (i = v({}, i, _.getChildContext())), D && r.__c && _.getSnapshotBeforeUpdate && (T = _.getSnapshotBeforeUpdate(b, x)), j = d && d.type === S && d.key == null ? d.props.children : d, E.__P && (d = c, a = (t = E.__P).namespaceURI, l = o = null, r.props && r.props.__P != t && (r.__k.some(function(e) {
				e && ae(e, e);
			}), r.__k = null), c = r.__k ? w(r, 0) : null), c = ee(t, g(j) ? j : [j], n, r, i, a, o, s, c, l, u), E.__P && (n.__e = null, c = d), n.__u &= -161, p && p.some(y), _.__h.length && s.push(_), 1 & _.__g && (_.__g &= -4);
		} catch (t) {
			if (s.length = h, n.__v = null, l || o) {
				if (t && t.then) {
					if (n.__u |= 128 | l, o) {
						for (~(N = o.indexOf(c || void 0)) || (N = o.length); (F = o[N - 1]) && F.nodeType == 8;) N--;
						for (; N < o.length; N++) if (F = o[N]) {
							if (o[N] = null, M) {
								if (F == ne) break;
							} else {
								if (F.nodeType != 8) break;
								F.data.startsWith("$s") && (ne = P(M = F));
							}
						}
					}
					if (!M) {
						for (; c && c.nodeType == 8 && c.nextSibling;) c = c.nextSibling;
						M = c;
					}
					(d = P(M = n.__c.__z || (n.__c.__z = M))) ? (n.__e = M, c = d) : n.__e = c, c &&= c.nextSibling;
				} else o && o.some(y);
			} else n.__e = r.__e;
			n.__k ||= r.__k || [], t && t.then || re(n), e.__e(t, n, r);
		}
	} else c = n.__e = ie(r.__e, n, r, i, a, o, s, l, u, t);
	return (d = e.diffed) && d(n), c;
}
function P(e, t) {
	if (e && e.nodeType == 8 && e.data.startsWith("$s")) for (var n = 1; e = e.nextSibling;) {
		if (e.nodeType == 8) {
			if (e.data.startsWith("$s")) n++;
			else if (e.data.startsWith("/$s") && !--n) return e;
		}
		t && t.push(e);
	}
}
function re(e) {
	e && (e.__c && (e.__c.__g |= 4), e.__k && e.__k.some(re));
}
function F(t, n, r) {
	for (var i = 0; i < r.length;) I(r[i++], r[i++], r[i++]);
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
function ie(t, n, r, i, a, o, s, c, l, u) {
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
		for (d in T) b = T[d], d == "dangerouslySetInnerHTML" ? m = b : d == "children" || d in E || d == "value" && "defaultValue" in E || d == "checked" && "defaultChecked" in E || M(t, d, null, b, a);
		for (d in E) b = E[d], d == "children" ? v = b : d == "dangerouslySetInnerHTML" ? f = b : d == "value" ? x = b : d == "checked" ? S = b : c && typeof b != "function" || T[d] === b || M(t, d, b, T[d], a);
		f ? (c || m && (f.__html == m.__html || f.__html == t.innerHTML) || (t.innerHTML = f.__html), n.__k = []) : (m && (t.textContent = ""), (D == "foreignObject" || a == "http://www.w3.org/1998/Math/MathML" && h.test(D)) && (a = "http://www.w3.org/1999/xhtml"), ee(u, g(v) ? v : [v], n, r, i, a, o, s, o ? o[0] : r.__k && w(r, 0), c, l), o && o.some(y)), c && D != "textarea" || (d = "value", D == "progress" && x == null ? t.removeAttribute(d) : x == null || x === t[d] && (D != "progress" || x) || M(t, d, x, T[d], a), d = "checked", S != null && S != t[d] && M(t, d, S, T[d], a));
	} else T === E || c && t.data == E || (t.data = E);
	return t;
}
function I(t, n, r, i) {
	try {
		typeof t == "function" ? n ? n.__x = t(n) || 1 : (i &&= i.__c || i.__e) && (n = i.__x) && (i.__x = null, typeof n == "function" ? n() : t(null)) : t.current = n;
	} catch (t) {
		e.__e(t, r);
	}
}
function ae(t, n, r) {
	var i, a, o, s;
	if (e.unmount && e.unmount(t), !(i = t.ref) || i.current && i.current != t.__e || I(i, null, n, t), i = t.__c) {
		if (i.componentWillUnmount) try {
			i.componentWillUnmount();
		} catch (t) {
			e.__e(t, n);
		}
		i.__P = i.__n = null;
	}
	if (i = t.__k) for (s = 0; s < i.length; s++) i[s] && ae(i[s], n, typeof t.type != "function" || r && !t.props.__P);
	!r && (i = t.__c) && (i = i.__z) && (a = P(i, o = [])) && (i == t.__e && o.some(y), y(a), y(i)), r || y(t.__e), t.__e = t.__c = t.__ = null;
}
function oe(e, t, n) {
	return this.constructor(e, n);
}
function se(t, n) {
	var r, i, a, o;
	e.__ && e.__(t, n), n.nodeType == 9 && (n = n.documentElement), i = (r = t && 32 & t.__u) ? null : n.__k, n.__k = x(S, { children: [t] }), a = [], o = [], N(n, n.__k, i || p, p, n.namespaceURI, i ? null : n.firstChild ? _.call(n.childNodes) : null, a, i ? i.__e : n.firstChild, r, o), F(a, n.__k, o), n.__k.props.children = null;
}
function ce(e) {
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
var le = class extends Error {
	kind;
	retryAfter;
	constructor(e, t, n = null) {
		super(t), this.kind = e, this.retryAfter = n, this.name = "ApiError";
	}
};
function ue(e, t = async () => null) {
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
			throw n?.aborted ? e : new le("offline", e instanceof Error ? e.message : String(e));
		}
	}
	async function i(e, i, a) {
		let o = n(e, i), s = await t(), c = await r(o, s, a);
		if (c.status === 401 && s !== null) {
			let e = await t(s);
			e !== s && (c = await r(o, e, a));
		}
		if (!c.ok) throw await fe(c);
		return c;
	}
	async function a(e, t, n) {
		let r = await i(e, t, n);
		try {
			return await r.json();
		} catch (e) {
			throw n?.aborted ? e : new le("failed", "the response is not JSON");
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
var de = {
	400: "invalid",
	401: "signedOut",
	403: "forbidden",
	404: "notFound",
	429: "throttled",
	502: "unavailable",
	503: "unavailable",
	504: "unavailable"
};
async function fe(e) {
	let t = `${e.status} ${e.statusText}`.trim();
	try {
		t = pe(await e.json()) ?? t;
	} catch {}
	let n = Number(e.headers.get("Retry-After")), r = Number.isFinite(n) && n > 0 ? n : null;
	return new le(de[e.status] ?? "failed", t, r);
}
function pe(e) {
	if (typeof e != "object" || !e) return null;
	let { error: t, message: n } = e;
	return typeof t?.message == "string" ? t.message : typeof n == "string" ? n : null;
}
// node_modules/preact/hooks/dist/hooks.mjs
var me, L, he, ge, _e = Object.is, ve = 0, ye = [], be = [], R = e, xe = R.__b, Se = R.__r, Ce = R.diffed, we = R.__c, Te = R.unmount, Ee = R.__;
function De(e, t) {
	R.__h && R.__h(L, e, ve || t), ve = 0;
	var n = L.__H || (L.__H = {
		__: [],
		__h: []
	});
	return e >= n.__.length && n.__.push({}), n.__[e];
}
function Oe(e, t) {
	var n = De(me++, 7);
	return Fe(n.__H, t) && (n.__ = e(), n.__H = t), n.__;
}
function ke(e) {
	var t = L.context[e.__c], n = De(me++, 9);
	return n.c = e, t ? (n.__ ?? (n.__ = !0, t.sub(L)), t.props.value) : e.__;
}
function Ae() {
	var e;
	do {
		for (; e = be.shift();) try {
			z(e);
		} catch (t) {
			R.__e(t, { __: (e = e.__P) && e.__v });
		}
		for (; e = ye.shift();) {
			var t = e.__H;
			if (e.__P && t) try {
				t.__h.some(z), t.__h.some(Pe), t.__h = [];
			} catch (n) {
				t.__h = [], R.__e(n, e.__v);
			}
		}
	} while (be.length);
}
R.__b = function(e) {
	L = null, xe && xe(e);
}, R.__ = function(e, t) {
	e && t.__k && t.__k.__m && (e.__m = t.__k.__m), Ee && Ee(e, t);
}, R.__r = function(e) {
	Se && Se(e), me = 0;
	var t = (L = e.__c).__H;
	t && (he == L ? L.__h = [] : (t.__h.some(z), t.__h.some(Pe), me = 0), t.__h = [], t.__.some(function(e) {
		e.__N && (e.__ = e.__N), e.u = e.__N = void 0;
	})), he = L;
}, R.diffed = function(e) {
	Ce && Ce(e);
	var t = e.__c;
	t && t.__H && (t.__H.__h.length && Ne(ye.push(t)), t.__H.__.some(function(e) {
		e.u && (e.__H = e.u);
	})), he = L = null;
}, R.__c = function(e, t) {
	t.some(function(e) {
		try {
			e.__h.some(z), e.__h = e.__h.filter(function(e) {
				return !e.__ || Pe(e);
			});
		} catch (t) {
			e.__h = [function() {
				throw t;
			}];
		}
	}), we && we(e, t);
}, R.unmount = function(e) {
	Te && Te(e);
	var t, n, r = e.__c;
	r && r.__H && (r.__H.__.some(function(r) {
		try {
			if (r.__P && r.__c) {
				if (n === void 0) {
					for (n = e.__; n && (!n.__c || !n.__c.__P);) n = n.__;
					n &&= n.__c;
				}
				r.__P = n, Ne(be.push(r));
			} else z(r);
		} catch (e) {
			t = e;
		}
	}), r.__H = void 0, t && R.__e(t, r.__v));
};
var je = typeof requestAnimationFrame == "function";
function Me(e) {
	var t, n = function() {
		clearTimeout(r), je && cancelAnimationFrame(t), setTimeout(e);
	}, r = setTimeout(n, 35);
	je && (t = requestAnimationFrame(n));
}
function Ne(e) {
	e != 1 && ge == R.requestAnimationFrame || ((ge = R.requestAnimationFrame) || Me)(Ae);
}
function z(e) {
	var t = L, n = e.__c;
	typeof n == "function" && (e.__c = void 0, n()), L = t;
}
function Pe(e) {
	var t = L;
	e.__c = e.__(), L = t;
}
function Fe(e, t) {
	return !e || e.length != t.length || t.some(function(t, n) {
		return !_e(t, e[n]);
	});
}
// src/state/context.ts
var Ie = ce(null);
function Le() {
	let e = ke(Ie);
	if (e === null) throw Error("the view is outside of a ContextProvider");
	return e;
}
// node_modules/@preact/signals-core/dist/signals-core.module.js
var Re = Symbol.for("preact-signals");
function B() {
	if (G > 1) G--;
	else {
		var e, t = !1;
		for ((function() {
			var e = He;
			for (He = void 0; e !== void 0;) {
				var t = e.S;
				if (t.v === e.v) for (var n = t.t; n !== void 0; n = n.x) n.i === e.i && (n.i = t.i);
				e = e.o;
			}
		})(); W !== void 0;) {
			var n = W;
			for (W = void 0, K++; n !== void 0;) {
				var r = n.u;
				if (n.u = void 0, n.f &= -3, !(8 & n.f) && Ke(n)) try {
					n.c();
				} catch (n) {
					t ||= (e = n, !0);
				}
				n = r;
			}
		}
		if (K = 0, G--, t) throw e;
	}
}
function ze(e) {
	if (G > 0) return e();
	Ve = ++Be, G++;
	try {
		return e();
	} finally {
		B();
	}
}
var V, H = void 0;
function U(e) {
	var t = H, n = V;
	H = void 0, V = void 0;
	try {
		return e();
	} finally {
		H = t, V = n;
	}
}
var W = void 0, G = 0, K = 0, Be = 0, Ve = 0, He = void 0, Ue = 0;
function We(e) {
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
function q(e, t) {
	this.v = e, this.i = 0, this.n = void 0, this.t = void 0, this.l = 0, this.W = t?.watched, this.Z = t?.unwatched, this.name = t?.name;
}
q.prototype.brand = Re, q.prototype.h = function() {
	return !0;
}, q.prototype.S = function(e) {
	var t = this, n = this.t;
	n !== e && e.e === void 0 && (e.x = n, this.t = e, n === void 0 ? U(function() {
		var e;
		(e = t.W) == null || e.call(t);
	}) : n.e = e);
}, q.prototype.U = function(e) {
	var t = this;
	if (this.t !== void 0) {
		var n = e.e, r = e.x;
		n !== void 0 && (n.x = r, e.e = void 0), r !== void 0 && (r.e = n, e.x = void 0), e === this.t && (this.t = r, r === void 0 && U(function() {
			var e;
			(e = t.Z) == null || e.call(t);
		}));
	}
}, q.prototype.subscribe = function(e) {
	var t = this;
	return X(function() {
		var n = t.value;
		U(function() {
			return e(n);
		});
	}, { name: "sub" });
}, q.prototype.valueOf = function() {
	return this.value;
}, q.prototype.toString = function() {
	return this.value + "";
}, q.prototype.toJSON = function() {
	return this.value;
}, q.prototype.peek = function() {
	var e = this;
	return U(function() {
		return e.value;
	});
}, Object.defineProperty(q.prototype, "value", {
	get: function() {
		var e = We(this);
		return e !== void 0 && (e.i = this.i), this.v;
	},
	set: function(e) {
		if (e !== this.v) {
			if (K > 100) throw Error("Cycle detected");
			(function(e) {
				G !== 0 && K === 0 && e.l !== Ve && (e.l = Ve, He = {
					S: e,
					v: e.v,
					i: e.i,
					o: He
				});
			})(this), this.v = e, this.i++, Ue++, G++;
			try {
				for (var t = this.t; t !== void 0; t = t.x) t.t.N();
			} finally {
				B();
			}
		}
	}
});
function Ge(e, t) {
	return new q(e, t);
}
function Ke(e) {
	for (var t = e.s; t !== void 0; t = t.n) if (t.S.i !== t.i || !t.S.h() || t.S.i !== t.i) return !0;
	return !1;
}
function qe(e) {
	for (var t = e.s; t !== void 0; t = t.n) {
		var n = t.S.n;
		if (n !== void 0 && (t.r = n), t.S.n = t, t.i = -1, t.n === void 0) {
			e.s = t;
			break;
		}
	}
}
function Je(e) {
	for (var t = e.s, n = void 0; t !== void 0;) {
		var r = t.p;
		t.i === -1 ? (t.S.U(t), r !== void 0 && (r.n = t.n), t.n !== void 0 && (t.n.p = r)) : n = t, t.S.n = t.r, t.r !== void 0 && (t.r = void 0), t = r;
	}
	e.s = n;
}
function J(e, t) {
	q.call(this, void 0, t), this.x = e, this.s = void 0, this.g = Ue - 1, this.f = 4;
}
J.prototype = new q(), J.prototype.h = function() {
	if (this.f &= -3, 1 & this.f) return !1;
	if ((36 & this.f) == 32 || (this.f &= -5, this.g === Ue)) return !0;
	if (this.g = Ue, this.f |= 1, this.i > 0 && !Ke(this)) return this.f &= -2, !0;
	var e = H;
	try {
		qe(this), H = this;
		var t = this.x();
		(16 & this.f || this.v !== t || this.i === 0) && (this.v = t, this.f &= -17, this.i++);
	} catch (e) {
		this.v = e, this.f |= 16, this.i++;
	}
	return H = e, Je(this), this.f &= -2, !0;
}, J.prototype.S = function(e) {
	if (this.t === void 0) {
		this.f |= 36;
		for (var t = this.s; t !== void 0; t = t.n) t.S.S(t);
	}
	q.prototype.S.call(this, e);
}, J.prototype.U = function(e) {
	if (this.t !== void 0 && (q.prototype.U.call(this, e), this.t === void 0)) {
		this.f &= -33;
		for (var t = this.s; t !== void 0; t = t.n) t.S.U(t);
	}
}, J.prototype.N = function() {
	if (!(2 & this.f)) {
		this.f |= 6;
		for (var e = this.t; e !== void 0; e = e.x) e.t.N();
	}
}, Object.defineProperty(J.prototype, "value", { get: function() {
	if (1 & this.f) throw Error("Cycle detected");
	var e = We(this);
	if (this.h(), e !== void 0 && (e.i = this.i), 16 & this.f) throw this.v;
	return this.v;
} });
function Ye(e, t) {
	return new J(e, t);
}
function Xe(e) {
	var t = e.j;
	if (e.j = void 0, typeof t == "function") {
		G++;
		var n = H;
		H = void 0;
		try {
			t();
		} catch (t) {
			throw e.f &= -2, e.f |= 8, Ze(e), t;
		} finally {
			H = n, B();
		}
	}
}
function Ze(e) {
	for (var t = e.s; t !== void 0; t = t.n) t.S.U(t);
	e.x = void 0, e.s = void 0, Xe(e);
}
function Qe(e) {
	if (H !== this) throw Error("Out-of-order effect");
	Je(this), H = e, this.f &= -2;
	try {
		8 & this.f && Ze(this);
	} finally {
		B();
	}
}
function Y(e, t) {
	this.x = e, this.j = void 0, this.s = void 0, this.u = void 0, this.f = 32, this.name = t?.name, V && V.push(this);
}
Y.prototype.c = function() {
	var e = this.S();
	try {
		if (8 & this.f || this.x === void 0) return;
		var t = this.x();
		typeof t == "function" && (this.j = t);
	} finally {
		e();
	}
}, Y.prototype.S = function() {
	if (1 & this.f) throw Error("Cycle detected");
	this.f |= 1, this.f &= -9, Xe(this), qe(this), G++;
	var e = H;
	return H = this, Qe.bind(this, e);
}, Y.prototype.N = function() {
	2 & this.f || (this.f |= 2, this.u = W, W = this);
}, Y.prototype.d = function() {
	this.f |= 8, 1 & this.f || Ze(this);
}, Y.prototype.dispose = function() {
	this.d();
};
function X(e, t) {
	var n = new Y(e, t);
	try {
		n.c();
	} catch (e) {
		throw n.d(), e;
	}
	var r = n.d.bind(n);
	return r[Symbol.dispose] = r, r;
}
// node_modules/@preact/signals/dist/signals.module.js
var $e, et, tt = typeof window < "u" && !!window.__PREACT_SIGNALS_DEVTOOLS__, nt = [];
X(function() {
	$e = this.N;
})();
function Z(t, n) {
	e[t] = n.bind(null, e[t] || function() {});
}
function Q(e) {
	if (et) {
		var t = et;
		et = void 0, t();
	}
	et = e && e.S();
}
function rt(e) {
	var t = this, r = e.data, i = at(r);
	i.name = "ReactiveDom", i.value = r;
	var a = Oe(function() {
		for (var e = t, r = t.__v; r = r.__;) if (r.__c) {
			r.__c.__$f |= 4;
			break;
		}
		var a = Ye(function() {
			var e = i.value.value;
			return e === 0 ? 0 : !0 === e ? "" : e || "";
		}), o = Ye(function() {
			return !Array.isArray(a.value) && !n(a.value);
		}), s = X(function() {
			if (this.N = ct, o.value) {
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
rt.displayName = "ReactiveTextNode", Object.defineProperties(q.prototype, {
	constructor: {
		configurable: !0,
		value: b(S, null).constructor
	},
	type: {
		configurable: !0,
		value: rt
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
}), Z("__b", function(e, t) {
	if (Q(), typeof t.type == "string") {
		var n, r = t.props;
		for (var i in r) if (i !== "children") {
			var a = r[i];
			a instanceof q && (n || (t.__np = n = {}), n[i] = a, r[i] = a.peek());
		}
	}
	e(t);
}), Z("__r", function(e, t) {
	if (e(t), t.type !== S) {
		Q();
		var n, r = t.__c;
		r && (r.__$f &= -2, (n = r.__$u) === void 0 && (r.__$u = n = function(e, t) {
			var n;
			return X(function() {
				n = this;
			}, { name: t }), n.c = e, n;
		}(function(e) {
			return function() {
				var t;
				tt && ((t = this.y) == null || t.call(this)), e.__$f |= 1, e.setState({});
			};
		}(r), typeof t.type == "function" ? t.type.displayName || t.type.name : ""))), Q(n);
	}
}), Z("__e", function(e, t, n, r) {
	Q(), e(t, n, r);
}), Z("diffed", function(e, t) {
	Q();
	var n;
	if (typeof t.type == "string" && (n = t.__e)) {
		var r = t.__np, i = t.props, a = n.U;
		if (a) for (var o in a) {
			var s = a[o];
			s === void 0 || r && o in r || (s.d(), a[o] = void 0);
		}
		if (r) for (var c in a || (a = {}, n.U = a), r) {
			var l = a[c], u = r[c];
			l === void 0 ? (l = it(n, c, u, i), a[c] = l) : l.o(u, i);
		}
	}
	e(t);
});
function it(e, t, n, r) {
	var i = t in e && e.ownerSVGElement === void 0, a = Ge(n);
	return {
		o: function(e, t) {
			a.value = e, r = t;
		},
		d: X(function() {
			this.N = ct;
			var n = a.value.value;
			r[t] !== n && (r[t] = n, i ? e[t] = n : n != null && (!1 !== n || t[4] === "-") ? e.setAttribute(t, n) : e.removeAttribute(t));
		})
	};
}
Z("unmount", function(e, t) {
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
}), Z("__h", function(e, t, n, r) {
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
function at(e, t) {
	return Oe(function() {
		return Ge(e, t);
	}, []);
}
var ot = function(e) {
	queueMicrotask(function() {
		queueMicrotask(e);
	});
};
function st() {
	ze(function() {
		for (var e; e = nt.shift();) $e.call(e);
	});
}
function ct() {
	nt.push(this) === 1 && (e.requestAnimationFrame || ot)(st);
}
// src/state/filters.ts
var lt = [
	"userId",
	"action",
	"resourceType",
	"resourceId",
	"success",
	"requestId",
	"sessionId",
	"ipAddress"
], ut = {
	view: "trail",
	tenantId: "",
	filters: {},
	range: {
		kind: "preset",
		preset: "30d"
	},
	eventId: null
};
function dt(e) {
	let t = new URLSearchParams();
	e.view !== ut.view && t.set("view", e.view), e.tenantId && t.set("tenantId", e.tenantId);
	for (let n of lt) {
		let r = e.filters[n];
		r !== void 0 && t.set(n, r);
	}
	let { range: n } = e;
	n.kind === "all" && t.set("range", "all"), n.kind === "fixed" && (t.set("startDate", n.start), t.set("endDate", n.end)), n.kind === "preset" && JSON.stringify(n) !== JSON.stringify(ut.range) && t.set("range", n.preset), e.eventId !== null && t.set("event", e.eventId);
	let r = t.toString();
	return r && `?${r}`;
}
function ft(e = {}) {
	let t = Ge({
		...ut,
		...e
	});
	return {
		place: t,
		href: (e) => dt({
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
var pt = {
	theme: "system",
	timeStyle: "absolute",
	columns: [
		"time",
		"actor",
		"action",
		"resource",
		"outcome",
		"ipAddress"
	]
}, mt = "prooftrail.preferences";
function ht(e) {
	let t = Ge(_t(e)), n = !0;
	return X(() => {
		let r = JSON.stringify(t.value);
		n ? n = !1 : gt(e, r);
	}), t;
}
function gt(e, t) {
	try {
		e?.setItem(mt, t);
	} catch {}
}
function _t(e) {
	try {
		let t = JSON.parse(e?.getItem(mt) ?? "{}");
		return {
			...pt,
			...t
		};
	} catch {
		return pt;
	}
}
// src/style/index.css?inline
var vt = ":root,:host{--lightningcss-light:initial;--lightningcss-dark: ;color-scheme:light dark;--surface:var(--lightningcss-light,#fff)var(--lightningcss-dark,#14171c);--surface-raised:var(--lightningcss-light,#f6f7f9)var(--lightningcss-dark,#1b1f26);--surface-hover:var(--lightningcss-light,#eef1f5)var(--lightningcss-dark,#232933);--surface-selected:var(--lightningcss-light,#e3ecfb)var(--lightningcss-dark,#223250);--line:var(--lightningcss-light,#dde1e7)var(--lightningcss-dark,#2d343f);--line-strong:var(--lightningcss-light,#8a94a3)var(--lightningcss-dark,#6b7686);--text:var(--lightningcss-light,#1a1f27)var(--lightningcss-dark,#e6e9ee);--text-quiet:var(--lightningcss-light,#59636f)var(--lightningcss-dark,#a1abb9);--accent:var(--lightningcss-light,#1f5fbf)var(--lightningcss-dark,#7fb0ff);--accent-text:var(--lightningcss-light,#fff)var(--lightningcss-dark,#0d1420);--good:var(--lightningcss-light,#1a7340)var(--lightningcss-dark,#5fd08a);--good-surface:var(--lightningcss-light,#e5f4ea)var(--lightningcss-dark,#143222);--bad:var(--lightningcss-light,#b3261e)var(--lightningcss-dark,#ff8f85);--bad-surface:var(--lightningcss-light,#fcebe9)var(--lightningcss-dark,#401c1a);--warn:var(--lightningcss-light,#8a5300)var(--lightningcss-dark,#f0b429);--warn-surface:var(--lightningcss-light,#fdf3df)var(--lightningcss-dark,#3a2d10);--font:system-ui, -apple-system, \"Segoe UI\", Roboto, \"Noto Sans\", sans-serif;--font-mono:ui-monospace, SFMono-Regular, Menlo, Consolas, \"DejaVu Sans Mono\", monospace;--size-small:.75rem;--size:.8125rem;--size-large:1rem;--size-title:1.25rem;--space-1:.25rem;--space-2:.5rem;--space-3:.75rem;--space-4:1rem;--space-6:1.5rem;--radius:6px;--row-height:2.25rem}@media (prefers-color-scheme:dark){:root,:host{--lightningcss-light: ;--lightningcss-dark:initial}}:root[data-theme=light]{--lightningcss-light:initial;--lightningcss-dark: ;color-scheme:light}:root[data-theme=dark]{--lightningcss-light: ;--lightningcss-dark:initial;color-scheme:dark}*,:before,:after{box-sizing:border-box}body{background:var(--surface);color:var(--text);font:var(--size) / 1.5 var(--font);margin:0}h1,h2,h3{margin:0;font-weight:600;line-height:1.25}a{color:var(--accent)}button,input,select{font:inherit;color:inherit}button{cursor:pointer}code,pre{font-family:var(--font-mono)}:focus-visible{outline:2px solid var(--accent);outline-offset:1px}@media (prefers-reduced-motion:reduce){*,:before,:after{scroll-behavior:auto!important;transition:none!important;animation:none!important}}.skip{left:var(--space-2);padding:var(--space-2) var(--space-3);background:var(--surface);z-index:10;position:absolute;top:-3rem}.skip:focus{top:var(--space-2)}#console{flex-direction:column;height:100dvh;display:flex}.bar{align-items:center;gap:var(--space-1) var(--space-4);padding:var(--space-2) var(--space-4);border-bottom:1px solid var(--line);background:var(--surface-raised);flex-wrap:wrap;display:flex}.bar-title{font-size:var(--size-large)}.bar-views{gap:var(--space-1);display:flex}.bar-views a{padding:var(--space-1) var(--space-3);border-radius:var(--radius);color:var(--text-quiet);text-decoration:none}.bar-views a:hover{background:var(--surface-hover)}.bar-views a[aria-current]{background:var(--surface-selected);color:var(--text);font-weight:600}.content{outline:none;flex:1;min-height:0}.button{min-height:1.75rem;padding:var(--space-1) var(--space-3);border:1px solid var(--line-strong);border-radius:var(--radius);background:var(--surface)}.button:hover{background:var(--surface-hover)}.state{align-items:center;gap:var(--space-1);max-width:36rem;padding:var(--space-6) var(--space-4);color:var(--text-quiet);text-align:center;overflow-wrap:anywhere;flex-direction:column;margin:0 auto;display:flex}.state p{margin:0}.state .state-title{color:var(--text);font-size:var(--size-large);font-weight:600}.state-loading{justify-content:center;gap:var(--space-2);flex-direction:row;animation:.2s .15s both state-appear}.state-spinner{border:2px solid var(--line);border-top-color:var(--accent);border-radius:50%;width:1rem;height:1rem;animation:.8s linear infinite state-turn}@keyframes state-appear{0%{opacity:0}}@keyframes state-turn{to{transform:rotate(1turn)}}.failure-sign{width:1.25rem;height:1.25rem;background:var(--bad-surface);color:var(--bad);font-size:var(--size);border-radius:50%;margin-inline-end:var(--space-2);line-height:1.25rem;display:inline-block}.failure-message{font-size:var(--size-small)}.failure-actions{justify-content:center;align-items:center;gap:var(--space-2) var(--space-3);margin-top:var(--space-2);flex-wrap:wrap;display:flex}.failure>.button{margin-top:var(--space-2)}.failure-countdown{font-variant-numeric:tabular-nums}.untrusted{white-space:pre-wrap;overflow-wrap:anywhere}.untrusted-line{white-space:pre}.untrusted-sign{background:var(--warn-surface);color:var(--warn);font:.9em var(--font-mono);border-radius:3px;padding:0 1px}.untrusted-steps{align-items:center;gap:var(--space-1) var(--space-2);margin-top:var(--space-1);color:var(--text-quiet);font:var(--size-small) / 1.5 var(--font);flex-wrap:wrap;display:flex}.untrusted-steps button,.copy-button{min-height:1.5rem;padding:0 var(--space-2);border:1px solid var(--line);border-radius:var(--radius);background:var(--surface-raised);color:var(--text);font-size:var(--size-small)}.untrusted-steps button:hover,.copy-button:hover{border-color:var(--line-strong);background:var(--surface-hover)}mark{background:var(--warn-surface);color:var(--warn);border-radius:2px;text-decoration:underline}.copy{align-items:center;gap:var(--space-1);flex-wrap:wrap;display:inline-flex}.copy-button{align-items:center;gap:var(--space-1);display:inline-flex}.copy-button[data-state=copied]{color:var(--good)}.copy-status{color:var(--text-quiet);font-size:var(--size-small)}.copy-text{border:1px solid var(--line-strong);border-radius:var(--radius);background:var(--surface);min-width:0;color:inherit;font:var(--size-small) / 1.4 var(--font-mono);flex-basis:100%}.sign-in{gap:var(--space-3);margin-block-start:12vh}.sign-in .button{border-color:var(--accent);background:var(--accent);color:var(--accent-text);font-weight:600}.sign-in-problem{padding:var(--space-2) var(--space-3);border:1px solid var(--bad);border-radius:var(--radius);background:var(--bad-surface);color:var(--text)}.expired{align-items:center;gap:var(--space-2) var(--space-4);padding:var(--space-2) var(--space-4);border-bottom:1px solid var(--warn);background:var(--warn-surface);flex-wrap:wrap;display:flex}.expired-text{flex:16rem;margin:0}.account{align-items:center;gap:var(--space-3);min-width:0;margin-inline-start:auto;display:flex}.account-name{min-width:0;color:var(--text-quiet);text-overflow:ellipsis;white-space:nowrap;overflow:hidden}", yt = Symbol.for("pv"), bt = 0;
Array.isArray;
function $(t, n, r, i, a, o) {
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
		constructor: yt,
		__v: --bt,
		__i: -1,
		__u: 0
	};
	return (a || o) && (u.__source = a, u.__self = o), e.vnode && e.vnode(u), u;
}
// src/views/event/verified.tsx
function xt({ id: e, tenantId: t }) {
	return /* @__PURE__ */ $("section", {
		"data-id": e,
		"data-tenant": t
	});
}
// src/views/event/event.tsx
function St({ id: e, tenantId: t }) {
	return /* @__PURE__ */ $("aside", { children: [e, /* @__PURE__ */ $(xt, {
		id: e,
		tenantId: t
	})] });
}
// src/views/trail/list.tsx
function Ct() {
	return /* @__PURE__ */ $("div", {});
}
// src/views/trail/toolbar.tsx
function wt() {
	return /* @__PURE__ */ $("div", {});
}
// src/views/trail/trail.tsx
function Tt() {
	let { navigation: e } = Le(), { eventId: t, tenantId: n } = e.place.value;
	return /* @__PURE__ */ $("div", {
		class: "trail",
		children: [/* @__PURE__ */ $(wt, {}), /* @__PURE__ */ $("div", {
			class: "trail-body",
			children: [/* @__PURE__ */ $(Ct, {}), t !== null && /* @__PURE__ */ $(St, {
				id: t,
				tenantId: n
			}, t)]
		})]
	});
}
// src/element.tsx
var Et = class extends HTMLElement {
	getToken = async () => null;
	connectedCallback() {
		let e = this.shadowRoot ?? this.attachShadow({ mode: "open" }), t = new CSSStyleSheet();
		t.replaceSync(vt), e.adoptedStyleSheets = [t];
		let n = this.getAttribute("api") ?? "", r = {
			settings: { api: n },
			api: ue(n, () => this.getToken()),
			navigation: ft({ tenantId: this.getAttribute("tenant") ?? "" }),
			preferences: ht(null)
		};
		se(/* @__PURE__ */ $(Ie.Provider, {
			value: r,
			children: /* @__PURE__ */ $(Tt, {})
		}), e);
	}
	disconnectedCallback() {
		this.shadowRoot && se(null, this.shadowRoot);
	}
};
customElements.define("audit-trail", Et);
export { Et as AuditTrail };
