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
	s && ((n = v({ constructor: f }, r)).__v = r.__v + 1, e.vnode && e.vnode(n), oe(s, n, r, t.__n, s.namespaceURI, 32 & r.__u ? [i] : null, a, i || w(r), 32 & r.__u, o), n.__v = r.__v, n.__.__k[n.__i] = n, A(a, n, o), r.__ = r.__e = null, n.__e != i && E(n));
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
	for (c = te(n, t, y, c, b), d = 0; d < b; d++) (h = n.__k[d]) != null && (f = ~h.__i && y[h.__i] || p, h.__i = d, v = oe(e, h, f, i, a, o, s, c, l, u), g = h.__e, (f.ref != h.ref || 8 & f.__u) && (f.ref && j(f.ref, null, h, f), h.ref && u.push(h.ref, h.__c || g, h)), _ ||= g, 4 & h.__u ? (c = k(h, c, e, !f.__v), f.__e && (f.__e = null)) : typeof h.type == "function" && v !== void 0 ? c = v : g && (c = g.nextSibling), h.__u &= -21);
	return n.__e = _, c;
}
function te(e, t, n, r, i) {
	var a, o, s, c, l, u, d, p, m, h = n.length, _ = h, v = 0, y = 0, b = e.__k = Array(i);
	for (a = 0; a < i; a++) (o = t[a]) != null && typeof o != "boolean" && typeof o != "function" ? (typeof o != "object" || o.constructor === String ? o = b[a] = x(null, o) : g(o) ? o = b[a] = x(S, { children: o }) : o.constructor === f && o.__b ? o = b[a] = x(o.type, o.props, o.key, o.ref, o.__v) : b[a] = o, c = a + v, o.__ = e, o.__b = e.__b + 1, s = null, ~(l = o.__i = ne(o, n, c, _)) && (_--, (s = n[l]) && (s.__u |= 2)), s && s.__v ? (o.__u |= 16, l == c - 1 ? v-- : l == c + 1 ? v++ : l != c && (l > c ? v-- : v++, y = 1)) : (~l || (i > h ? v-- : i < h && v++), typeof o.type != "function" && (o.__u |= 4))) : b[a] = null;
	if (y) {
		for (u = [], d = [], a = 0; a < i; a++) if ((o = b[a]) && 16 & o.__u) {
			for (v = 0, p = u.length; v < p;) u[m = v + p >> 1] < o.__i ? v = m + 1 : p = m;
			u[v] = o.__i, d[a] = v + 1;
		}
		for (v = u.length; a--;) d[a] && (d[a] == v ? v-- : b[a].__u |= 4);
	}
	if (_) for (a = 0; a < h; a++) !(s = n[a]) || 2 & s.__u || (s.__e == r && (r = w(s)), M(s, s));
	return r;
}
function k(e, t, n, r) {
	var i, a, o, s;
	if (typeof e.type == "function") {
		if (e.props.__P) return t;
		if (i = e.__k) for (a = 0; a < i.length; a++) i[a] && (i[a].__ = e, t = k(i[a], t, n, !1));
		return t;
	}
	for (t && !t.parentNode && (t = w(e)) && !t.parentNode && (t = null), o = e.__e, s = t; s && s.nodeType == 8;) s = s.nextSibling;
	for (o != s && (!r && n.moveBefore && o.parentNode ? n.moveBefore(o, t) : n.insertBefore(o, t || null)), t = o; (t &&= t.nextSibling) && t.nodeType == 8 && !t.data.startsWith("$s"););
	return t;
}
function ne(e, t, n, r) {
	var i, a = e.key, o = e.type, s = t[n], c = s && !(2 & s.__u);
	if (s === null && a == null || c && a == s.key && o == s.type) return n;
	if (r > +!!c) {
		for (i = n - 1; i >= 0; i--) if ((s = t[i]) && !(2 & s.__u) && a == s.key && o == s.type) return i;
		for (i = n + 1; i < t.length; i++) if ((s = t[i]) && !(2 & s.__u) && a == s.key && o == s.type) return i;
	}
	return -1;
}
function re(e, t, n) {
	n ??= "", t[0] == "-" ? e.setProperty(t, n) : e[t] = n;
}
function ie(e, t, n, r, i) {
	var a, o;
	if (t == "style") {
		if (typeof n == "string") e.style.cssText = n;
		else {
			if (typeof r == "string" && (e.style.cssText = r = ""), r) for (t in r) n && t in n || re(e.style, t);
			if (n) for (t in n) r && n[t] == r[t] || re(e.style, t, n[t]);
		}
	} else if (t[0] == "o" && t[1] == "n") typeof n != "function" && (n = null), typeof r != "function" && (r = null), (e.__e ||= {})[t] = n, n && r || (o = u[t] || (u[t] = ae(t)), (e.__a ||= {})[t] = l, a = t != (t = t.replace(c, "$1")), (t = t.slice(2))[0] < "a" && (t = t.toLowerCase()), n ? e.addEventListener(t, o, a) : e.removeEventListener(t, o, a));
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
function ae(t) {
	return function(n) {
		var r = this.__e;
		if (r) {
			if (r = r[t], n[s] == null) n[s] = l++;
			else if (n[s] < this.__a[t]) return;
			return r(e.event ? e.event(n) : n);
		}
	};
}
function oe(t, n, r, i, a, o, s, c, l, u) {
	var d, p, h, _, b, x, T, E, D, O, te, k, ne, re, ie, ae, oe, A, j = n.type;
	if (n.constructor !== f) return null;
	128 & r.__u && (l = 32 & r.__u, d = r.__c.__z) && (n.__u |= l, p = o = [], d.nodeType == 8 ? c = se(d, o) : o.push(d), c = o[0] || c), (d = e.__b) && d(n);
	n: if (typeof j == "function") {
		h = s.length;
		try {
			if (E = n.props, D = (d = j.prototype) && d.render, O = (d = j.contextType) && i[d.__c], te = d ? O ? O.props.value : d.__ : i, (_ = r.__c) ? (n.__c = _, 2 & _.__g && (_.__g |= 1)) : (D ? n.__c = _ = new j(E, te) : (n.__c = _ = new C(E, te), _.constructor = j, _.render = N), O && O.sub(_), _.state || (_.state = {}), _.__n = i, _.__g |= 8, _.__h = [], _.__k = []), D && (_.__s || (_.__s = _.state), j.getDerivedStateFromProps && (_.__s == _.state && (_.__s = v({}, _.__s)), v(_.__s, j.getDerivedStateFromProps(E, _.__s)))), b = _.props, x = _.state, _.__v = n, r.__c) {
				if (E !== b && D && !j.getDerivedStateFromProps && _.componentWillReceiveProps && _.componentWillReceiveProps(E, te), n.__v == r.__v && !(8 & _.__g) || !(4 & _.__g) && _.shouldComponentUpdate && !1 === _.shouldComponentUpdate(E, _.__s, te)) {
					n.__v != r.__v && (_.props = E, _.state = _.__s, _.__g &= -9), n.__e = r.__e, n.__k = r.__k, n.__k.some(function(e) {
						e && (e.__ = n);
					}), m.push.apply(_.__h, _.__k), _.__k = [], _.__h.length && s.push(_), c = w(r);
					break n;
				}
				_.componentWillUpdate && _.componentWillUpdate(E, _.__s, te), D && _.componentDidUpdate && _.__h.push(function() {
					_.componentDidUpdate(b, x, T);
				});
			} else D && !j.getDerivedStateFromProps && _.componentWillMount && _.componentWillMount(), D && _.componentDidMount && _.__h.push(_.componentDidMount);
			_.context = te, _.props = E, _.__P = t, _.__g &= -5, k = e.__r, ne = D ? 25 : 0;
			do
				_.__g &= -9, k && k(n), d = _.render(_.props, _.state = _.__s, _.context);
			while (8 & _.__g && ++ne < 25);
			D && (m.push.apply(_.__h, _.__k), _.__k = []), _.state = _.__s, _.getChildContext && (i = v({}, i, _.getChildContext())), D && r.__c && _.getSnapshotBeforeUpdate && (T = _.getSnapshotBeforeUpdate(b, x)), re = d && d.type === S && d.key == null ? d.props.children : d, E.__P && (d = c, a = (t = E.__P).namespaceURI, l = o = null, r.props && r.props.__P != t && (r.__k.some(function(e) {
				e && M(e, e);
			}), r.__k = null), c = r.__k ? w(r, 0) : null), c = ee(t, g(re) ? re : [re], n, r, i, a, o, s, c, l, u), E.__P && (n.__e = null, c = d), n.__u &= -161, p && p.some(y), _.__h.length && s.push(_), 1 & _.__g && (_.__g &= -4);
		} catch (t) {
			if (s.length = h, n.__v = null, l || o) {
				if (t && t.then) {
					if (n.__u |= 128 | l, o) {
						for (~(oe = o.indexOf(c || void 0)) || (oe = o.length); (A = o[oe - 1]) && A.nodeType == 8;) oe--;
						for (; oe < o.length; oe++) if (A = o[oe]) {
							if (o[oe] = null, ie) {
								if (A == ae) break;
							} else {
								if (A.nodeType != 8) break;
								A.data.startsWith("$s") && (ae = se(ie = A));
							}
						}
					}
					if (!ie) {
						for (; c && c.nodeType == 8 && c.nextSibling;) c = c.nextSibling;
						ie = c;
					}
					(d = se(ie = n.__c.__z || (n.__c.__z = ie))) ? (n.__e = ie, c = d) : n.__e = c, c &&= c.nextSibling;
				} else o && o.some(y);
			} else n.__e = r.__e;
			n.__k ||= r.__k || [], t && t.then || ce(n), e.__e(t, n, r);
		}
	} else c = n.__e = le(r.__e, n, r, i, a, o, s, l, u, t);
	return (d = e.diffed) && d(n), c;
}
function se(e, t) {
	if (e && e.nodeType == 8 && e.data.startsWith("$s")) for (var n = 1; e = e.nextSibling;) {
		if (e.nodeType == 8) {
			if (e.data.startsWith("$s")) n++;
			else if (e.data.startsWith("/$s") && !--n) return e;
		}
		t && t.push(e);
	}
}
function ce(e) {
	e && (e.__c && (e.__c.__g |= 4), e.__k && e.__k.some(ce));
}
function A(t, n, r) {
	for (var i = 0; i < r.length;) j(r[i++], r[i++], r[i++]);
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
function le(t, n, r, i, a, o, s, c, l, u) {
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
		for (d in T) b = T[d], d == "dangerouslySetInnerHTML" ? m = b : d == "children" || d in E || d == "value" && "defaultValue" in E || d == "checked" && "defaultChecked" in E || ie(t, d, null, b, a);
		for (d in E) b = E[d], d == "children" ? v = b : d == "dangerouslySetInnerHTML" ? f = b : d == "value" ? x = b : d == "checked" ? S = b : c && typeof b != "function" || T[d] === b || ie(t, d, b, T[d], a);
		f ? (c || m && (f.__html == m.__html || f.__html == t.innerHTML) || (t.innerHTML = f.__html), n.__k = []) : (m && (t.textContent = ""), (D == "foreignObject" || a == "http://www.w3.org/1998/Math/MathML" && h.test(D)) && (a = "http://www.w3.org/1999/xhtml"), ee(u, g(v) ? v : [v], n, r, i, a, o, s, o ? o[0] : r.__k && w(r, 0), c, l), o && o.some(y)), c && D != "textarea" || (d = "value", D == "progress" && x == null ? t.removeAttribute(d) : x == null || x === t[d] && (D != "progress" || x) || ie(t, d, x, T[d], a), d = "checked", S != null && S != t[d] && ie(t, d, S, T[d], a));
	} else T === E || c && t.data == E || (t.data = E);
	return t;
}
function j(t, n, r, i) {
	try {
		typeof t == "function" ? n ? n.__x = t(n) || 1 : (i &&= i.__c || i.__e) && (n = i.__x) && (i.__x = null, typeof n == "function" ? n() : t(null)) : t.current = n;
	} catch (t) {
		e.__e(t, r);
	}
}
function M(t, n, r) {
	var i, a, o, s;
	if (e.unmount && e.unmount(t), !(i = t.ref) || i.current && i.current != t.__e || j(i, null, n, t), i = t.__c) {
		if (i.componentWillUnmount) try {
			i.componentWillUnmount();
		} catch (t) {
			e.__e(t, n);
		}
		i.__P = i.__n = null;
	}
	if (i = t.__k) for (s = 0; s < i.length; s++) i[s] && M(i[s], n, typeof t.type != "function" || r && !t.props.__P);
	!r && (i = t.__c) && (i = i.__z) && (a = se(i, o = [])) && (i == t.__e && o.some(y), y(a), y(i)), r || y(t.__e), t.__e = t.__c = t.__ = null;
}
function N(e, t, n) {
	return this.constructor(e, n);
}
function ue(t, n) {
	var r, i, a, o;
	e.__ && e.__(t, n), n.nodeType == 9 && (n = n.documentElement), i = (r = t && 32 & t.__u) ? null : n.__k, n.__k = x(S, { children: [t] }), a = [], o = [], oe(n, n.__k, i || p, p, n.namespaceURI, i ? null : n.firstChild ? _.call(n.childNodes) : null, a, i ? i.__e : n.firstChild, r, o), A(a, n.__k, o), n.__k.props.children = null;
}
function de(e) {
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
var fe = class extends Error {
	kind;
	retryAfter;
	constructor(e, t, n = null) {
		super(t), this.kind = e, this.retryAfter = n, this.name = "ApiError";
	}
};
function pe(e, t = async () => null) {
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
			throw n?.aborted ? e : new fe("offline", e instanceof Error ? e.message : String(e));
		}
	}
	async function i(e, i, a) {
		let o = n(e, i), s = await t(), c = await r(o, s, a);
		if (c.status === 401 && s !== null) {
			let e = await t(s);
			e !== s && (c = await r(o, e, a));
		}
		if (!c.ok) throw await he(c);
		return c;
	}
	async function a(e, t, n) {
		let r = await i(e, t, n);
		try {
			return await r.json();
		} catch (e) {
			throw n?.aborted ? e : new fe("failed", "the response is not JSON");
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
var me = {
	400: "invalid",
	401: "signedOut",
	403: "forbidden",
	404: "notFound",
	429: "throttled",
	502: "unavailable",
	503: "unavailable",
	504: "unavailable"
};
async function he(e) {
	let t = `${e.status} ${e.statusText}`.trim();
	try {
		t = ge(await e.json()) ?? t;
	} catch {}
	let n = Number(e.headers.get("Retry-After")), r = Number.isFinite(n) && n > 0 ? n : null;
	return new fe(me[e.status] ?? "failed", t, r);
}
function ge(e) {
	if (typeof e != "object" || !e) return null;
	let { error: t, message: n } = e;
	return typeof t?.message == "string" ? t.message : typeof n == "string" ? n : null;
}
// node_modules/preact/hooks/dist/hooks.mjs
var _e, P, ve, ye, be = Object.is, xe = 0, Se = [], Ce = [], F = e, I = F.__b, L = F.__r, we = F.diffed, Te = F.__c, Ee = F.unmount, De = F.__;
function Oe(e, t) {
	F.__h && F.__h(P, e, xe || t), xe = 0;
	var n = P.__H || (P.__H = {
		__: [],
		__h: []
	});
	return e >= n.__.length && n.__.push({}), n.__[e];
}
function ke(e) {
	return xe = 1, Ae(Ue, e);
}
function Ae(e, t, n) {
	var r = Oe(_e++, 2);
	if (r.t = e, !r.__c && (r.__ = [n ? n(t) : Ue(void 0, t), function(e) {
		var t = (r.__N || r.__)[0], n = r.t(t, e);
		be(t, n) || (r.__N = [n, r.__[1]], r.__c.setState({}));
	}], r.__c = P, !P.__f)) {
		P.__f = !0;
		var i = P.shouldComponentUpdate;
		P.shouldComponentUpdate = function(e, t, n) {
			var r = this.__H;
			if (!r) return !0;
			var a = !1, o = this.props != e;
			if (r.__.some(function(e) {
				e.__N && (a = !0, be(e.__[0], e.__N[0]) || (o = !0));
			}), i) {
				var s = i.call(this, e, t, n);
				return a ? s || o : s;
			}
			return !a || o;
		};
	}
	return r.__;
}
function R(e, t) {
	var n = Oe(_e++, 3);
	!F.__s && He(n.__H, t) && (n.__P = !0, n.__ = e, n.u = t, P.__H.__h.push(n));
}
function je(e, t) {
	var n = Oe(_e++, 4);
	!F.__s && He(n.__H, t) && (n.__P = !1, n.__ = e, n.u = t, P.__h.push(n));
}
function z(e) {
	return xe = 5, Ne(function() {
		return { current: e };
	}, []);
}
function Me(e, t, n) {
	xe = 6, je(function() {
		if (typeof e == "function") {
			var n = e(t());
			return function() {
				e(null), typeof n == "function" && n();
			};
		}
		if (e) return e.current = t(), function() {
			return e.current = null;
		};
	}, n == null ? n : n.concat(e));
}
function Ne(e, t) {
	var n = Oe(_e++, 7);
	return He(n.__H, t) && (n.__ = e(), n.__H = t), n.__;
}
function Pe(e) {
	var t = P.context[e.__c], n = Oe(_e++, 9);
	return n.c = e, t ? (n.__ ?? (n.__ = !0, t.sub(P)), t.props.value) : e.__;
}
function Fe() {
	var e = Oe(_e++, 11);
	if (!e.__) {
		for (var t = P.__v; !t.__m && t.__;) t = t.__;
		var n = t.__m || (t.__m = [0, 0]);
		e.__ = "P" + n[0] + "-" + n[1]++;
	}
	return e.__;
}
function Ie() {
	var e;
	do {
		for (; e = Ce.shift();) try {
			Be(e);
		} catch (t) {
			F.__e(t, { __: (e = e.__P) && e.__v });
		}
		for (; e = Se.shift();) {
			var t = e.__H;
			if (e.__P && t) try {
				t.__h.some(Be), t.__h.some(Ve), t.__h = [];
			} catch (n) {
				t.__h = [], F.__e(n, e.__v);
			}
		}
	} while (Ce.length);
}
F.__b = function(e) {
	P = null, I && I(e);
}, F.__ = function(e, t) {
	e && t.__k && t.__k.__m && (e.__m = t.__k.__m), De && De(e, t);
}, F.__r = function(e) {
	L && L(e), _e = 0;
	var t = (P = e.__c).__H;
	t && (ve == P ? P.__h = [] : (t.__h.some(Be), t.__h.some(Ve), _e = 0), t.__h = [], t.__.some(function(e) {
		e.__N && (e.__ = e.__N), e.u = e.__N = void 0;
	})), ve = P;
}, F.diffed = function(e) {
	we && we(e);
	var t = e.__c;
	t && t.__H && (t.__H.__h.length && ze(Se.push(t)), t.__H.__.some(function(e) {
		e.u && (e.__H = e.u);
	})), ve = P = null;
}, F.__c = function(e, t) {
	t.some(function(e) {
		try {
			e.__h.some(Be), e.__h = e.__h.filter(function(e) {
				return !e.__ || Ve(e);
			});
		} catch (t) {
			e.__h = [function() {
				throw t;
			}];
		}
	}), Te && Te(e, t);
}, F.unmount = function(e) {
	Ee && Ee(e);
	var t, n, r = e.__c;
	r && r.__H && (r.__H.__.some(function(r) {
		try {
			if (r.__P && r.__c) {
				if (n === void 0) {
					for (n = e.__; n && (!n.__c || !n.__c.__P);) n = n.__;
					n &&= n.__c;
				}
				r.__P = n, ze(Ce.push(r));
			} else Be(r);
		} catch (e) {
			t = e;
		}
	}), r.__H = void 0, t && F.__e(t, r.__v));
};
var Le = typeof requestAnimationFrame == "function";
function Re(e) {
	var t, n = function() {
		clearTimeout(r), Le && cancelAnimationFrame(t), setTimeout(e);
	}, r = setTimeout(n, 35);
	Le && (t = requestAnimationFrame(n));
}
function ze(e) {
	e != 1 && ye == F.requestAnimationFrame || ((ye = F.requestAnimationFrame) || Re)(Ie);
}
function Be(e) {
	var t = P, n = e.__c;
	typeof n == "function" && (e.__c = void 0, n()), P = t;
}
function Ve(e) {
	var t = P;
	e.__c = e.__(), P = t;
}
function He(e, t) {
	return !e || e.length != t.length || t.some(function(t, n) {
		return !be(t, e[n]);
	});
}
function Ue(e, t) {
	return typeof t == "function" ? t(e) : t;
}
// src/state/context.ts
var We = de(null);
function B() {
	let e = Pe(We);
	if (e === null) throw Error("the view is outside of a ContextProvider");
	return e;
}
// node_modules/@preact/signals-core/dist/signals-core.module.js
var Ge = Symbol.for("preact-signals");
function Ke() {
	if (Ze > 1) Ze--;
	else {
		var e, t = !1;
		for ((function() {
			var e = tt;
			for (tt = void 0; e !== void 0;) {
				var t = e.S;
				if (t.v === e.v) for (var n = t.t; n !== void 0; n = n.x) n.i === e.i && (n.i = t.i);
				e = e.o;
			}
		})(); Xe !== void 0;) {
			var n = Xe;
			for (Xe = void 0, Qe++; n !== void 0;) {
				var r = n.u;
				if (n.u = void 0, n.f &= -3, !(8 & n.f) && at(n)) try {
					n.c();
				} catch (n) {
					t ||= (e = n, !0);
				}
				n = r;
			}
		}
		if (Qe = 0, Ze--, t) throw e;
	}
}
function qe(e) {
	if (Ze > 0) return e();
	et = ++$e, Ze++;
	try {
		return e();
	} finally {
		Ke();
	}
}
var Je, V = void 0;
function Ye(e) {
	var t = V, n = Je;
	V = void 0, Je = void 0;
	try {
		return e();
	} finally {
		V = t, Je = n;
	}
}
var Xe = void 0, Ze = 0, Qe = 0, $e = 0, et = 0, tt = void 0, nt = 0;
function rt(e) {
	if (V !== void 0) {
		var t = e.n;
		if (t === void 0 || t.t !== V) return t = {
			i: 0,
			S: e,
			p: V.s,
			n: void 0,
			t: V,
			e: void 0,
			x: void 0,
			r: t
		}, V.s !== void 0 && (V.s.n = t), V.s = t, e.n = t, 32 & V.f && e.S(t), t;
		if (t.i === -1) return t.i = 0, t.n !== void 0 && (t.n.p = t.p, t.p !== void 0 && (t.p.n = t.n), t.p = V.s, t.n = void 0, V.s.n = t, V.s = t), t;
	}
}
function it(e, t) {
	this.v = e, this.i = 0, this.n = void 0, this.t = void 0, this.l = 0, this.W = t?.watched, this.Z = t?.unwatched, this.name = t?.name;
}
it.prototype.brand = Ge, it.prototype.h = function() {
	return !0;
}, it.prototype.S = function(e) {
	var t = this, n = this.t;
	n !== e && e.e === void 0 && (e.x = n, this.t = e, n === void 0 ? Ye(function() {
		var e;
		(e = t.W) == null || e.call(t);
	}) : n.e = e);
}, it.prototype.U = function(e) {
	var t = this;
	if (this.t !== void 0) {
		var n = e.e, r = e.x;
		n !== void 0 && (n.x = r, e.e = void 0), r !== void 0 && (r.e = n, e.x = void 0), e === this.t && (this.t = r, r === void 0 && Ye(function() {
			var e;
			(e = t.Z) == null || e.call(t);
		}));
	}
}, it.prototype.subscribe = function(e) {
	var t = this;
	return mt(function() {
		var n = t.value;
		Ye(function() {
			return e(n);
		});
	}, { name: "sub" });
}, it.prototype.valueOf = function() {
	return this.value;
}, it.prototype.toString = function() {
	return this.value + "";
}, it.prototype.toJSON = function() {
	return this.value;
}, it.prototype.peek = function() {
	var e = this;
	return Ye(function() {
		return e.value;
	});
}, Object.defineProperty(it.prototype, "value", {
	get: function() {
		var e = rt(this);
		return e !== void 0 && (e.i = this.i), this.v;
	},
	set: function(e) {
		if (e !== this.v) {
			if (Qe > 100) throw Error("Cycle detected");
			(function(e) {
				Ze !== 0 && Qe === 0 && e.l !== et && (e.l = et, tt = {
					S: e,
					v: e.v,
					i: e.i,
					o: tt
				});
			})(this), this.v = e, this.i++, nt++, Ze++;
			try {
				for (var t = this.t; t !== void 0; t = t.x) t.t.N();
			} finally {
				Ke();
			}
		}
	}
});
function H(e, t) {
	return new it(e, t);
}
function at(e) {
	for (var t = e.s; t !== void 0; t = t.n) if (t.S.i !== t.i || !t.S.h() || t.S.i !== t.i) return !0;
	return !1;
}
function ot(e) {
	for (var t = e.s; t !== void 0; t = t.n) {
		var n = t.S.n;
		if (n !== void 0 && (t.r = n), t.S.n = t, t.i = -1, t.n === void 0) {
			e.s = t;
			break;
		}
	}
}
function st(e) {
	for (var t = e.s, n = void 0; t !== void 0;) {
		var r = t.p;
		t.i === -1 ? (t.S.U(t), r !== void 0 && (r.n = t.n), t.n !== void 0 && (t.n.p = r)) : n = t, t.S.n = t.r, t.r !== void 0 && (t.r = void 0), t = r;
	}
	e.s = n;
}
function ct(e, t) {
	it.call(this, void 0, t), this.x = e, this.s = void 0, this.g = nt - 1, this.f = 4;
}
ct.prototype = new it(), ct.prototype.h = function() {
	if (this.f &= -3, 1 & this.f) return !1;
	if ((36 & this.f) == 32 || (this.f &= -5, this.g === nt)) return !0;
	if (this.g = nt, this.f |= 1, this.i > 0 && !at(this)) return this.f &= -2, !0;
	var e = V;
	try {
		ot(this), V = this;
		var t = this.x();
		(16 & this.f || this.v !== t || this.i === 0) && (this.v = t, this.f &= -17, this.i++);
	} catch (e) {
		this.v = e, this.f |= 16, this.i++;
	}
	return V = e, st(this), this.f &= -2, !0;
}, ct.prototype.S = function(e) {
	if (this.t === void 0) {
		this.f |= 36;
		for (var t = this.s; t !== void 0; t = t.n) t.S.S(t);
	}
	it.prototype.S.call(this, e);
}, ct.prototype.U = function(e) {
	if (this.t !== void 0 && (it.prototype.U.call(this, e), this.t === void 0)) {
		this.f &= -33;
		for (var t = this.s; t !== void 0; t = t.n) t.S.U(t);
	}
}, ct.prototype.N = function() {
	if (!(2 & this.f)) {
		this.f |= 6;
		for (var e = this.t; e !== void 0; e = e.x) e.t.N();
	}
}, Object.defineProperty(ct.prototype, "value", { get: function() {
	if (1 & this.f) throw Error("Cycle detected");
	var e = rt(this);
	if (this.h(), e !== void 0 && (e.i = this.i), 16 & this.f) throw this.v;
	return this.v;
} });
function lt(e, t) {
	return new ct(e, t);
}
function ut(e) {
	var t = e.j;
	if (e.j = void 0, typeof t == "function") {
		Ze++;
		var n = V;
		V = void 0;
		try {
			t();
		} catch (t) {
			throw e.f &= -2, e.f |= 8, dt(e), t;
		} finally {
			V = n, Ke();
		}
	}
}
function dt(e) {
	for (var t = e.s; t !== void 0; t = t.n) t.S.U(t);
	e.x = void 0, e.s = void 0, ut(e);
}
function ft(e) {
	if (V !== this) throw Error("Out-of-order effect");
	st(this), V = e, this.f &= -2;
	try {
		8 & this.f && dt(this);
	} finally {
		Ke();
	}
}
function pt(e, t) {
	this.x = e, this.j = void 0, this.s = void 0, this.u = void 0, this.f = 32, this.name = t?.name, Je && Je.push(this);
}
pt.prototype.c = function() {
	var e = this.S();
	try {
		if (8 & this.f || this.x === void 0) return;
		var t = this.x();
		typeof t == "function" && (this.j = t);
	} finally {
		e();
	}
}, pt.prototype.S = function() {
	if (1 & this.f) throw Error("Cycle detected");
	this.f |= 1, this.f &= -9, ut(this), ot(this), Ze++;
	var e = V;
	return V = this, ft.bind(this, e);
}, pt.prototype.N = function() {
	2 & this.f || (this.f |= 2, this.u = Xe, Xe = this);
}, pt.prototype.d = function() {
	this.f |= 8, 1 & this.f || dt(this);
}, pt.prototype.dispose = function() {
	this.d();
};
function mt(e, t) {
	var n = new pt(e, t);
	try {
		n.c();
	} catch (e) {
		throw n.d(), e;
	}
	var r = n.d.bind(n);
	return r[Symbol.dispose] = r, r;
}
// node_modules/@preact/signals/dist/signals.module.js
var ht, gt, _t, vt = typeof window < "u" && !!window.__PREACT_SIGNALS_DEVTOOLS__, yt = [], bt = [];
mt(function() {
	ht = this.N;
})();
function xt(t, n) {
	e[t] = n.bind(null, e[t] || function() {});
}
function St(e) {
	if (_t) {
		var t = _t;
		_t = void 0, t();
	}
	_t = e && e.S();
}
function Ct(e) {
	var t = this, r = e.data, i = Tt(r);
	i.name = "ReactiveDom", i.value = r;
	var a = Ne(function() {
		for (var e = t, r = t.__v; r = r.__;) if (r.__c) {
			r.__c.__$f |= 4;
			break;
		}
		var a = lt(function() {
			var e = i.value.value;
			return e === 0 ? 0 : !0 === e ? "" : e || "";
		}), o = lt(function() {
			return !Array.isArray(a.value) && !n(a.value);
		}), s = mt(function() {
			if (this.N = jt, o.value) {
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
Ct.displayName = "ReactiveTextNode", Object.defineProperties(it.prototype, {
	constructor: {
		configurable: !0,
		value: b(S, null).constructor
	},
	type: {
		configurable: !0,
		value: Ct
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
}), xt("__b", function(e, t) {
	if (St(), gt = void 0, typeof t.type == "string") {
		var n, r = t.props;
		for (var i in r) if (i !== "children") {
			var a = r[i];
			a instanceof it && (n || (t.__np = n = {}), n[i] = a, r[i] = a.peek());
		}
	}
	e(t);
}), xt("__r", function(e, t) {
	if (e(t), t.type !== S) {
		St();
		var n, r = t.__c;
		r && (r.__$f &= -2, (n = r.__$u) === void 0 && (r.__$u = n = function(e, t) {
			var n;
			return mt(function() {
				n = this;
			}, { name: t }), n.c = e, n;
		}(function(e) {
			return function() {
				var t;
				vt && ((t = this.y) == null || t.call(this)), e.__$f |= 1, e.setState({});
			};
		}(r), typeof t.type == "function" ? t.type.displayName || t.type.name : ""))), gt = r, St(n);
	}
}), xt("__e", function(e, t, n, r) {
	St(), gt = void 0, e(t, n, r);
}), xt("diffed", function(e, t) {
	St(), gt = void 0;
	var n;
	if (typeof t.type == "string" && (n = t.__e)) {
		var r = t.__np, i = t.props, a = n.U;
		if (a) for (var o in a) {
			var s = a[o];
			s === void 0 || r && o in r || (s.d(), a[o] = void 0);
		}
		if (r) for (var c in a || (a = {}, n.U = a), r) {
			var l = a[c], u = r[c];
			l === void 0 ? (l = wt(n, c, u, i), a[c] = l) : l.o(u, i);
		}
	}
	e(t);
});
function wt(e, t, n, r) {
	var i = t in e && e.ownerSVGElement === void 0, a = H(n);
	return {
		o: function(e, t) {
			a.value = e, r = t;
		},
		d: mt(function() {
			this.N = jt;
			var n = a.value.value;
			r[t] !== n && (r[t] = n, i ? e[t] = n : n != null && (!1 !== n || t[4] === "-") ? e.setAttribute(t, n) : e.removeAttribute(t));
		})
	};
}
xt("unmount", function(e, t) {
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
}), xt("__h", function(e, t, n, r) {
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
function Tt(e, t) {
	return Ne(function() {
		return H(e, t);
	}, []);
}
var Et = typeof requestAnimationFrame > "u" ? setTimeout : function(e) {
	var t = function() {
		clearTimeout(n), cancelAnimationFrame(r), e();
	}, n = setTimeout(t, 35), r = requestAnimationFrame(t);
}, Dt = function(e) {
	queueMicrotask(function() {
		queueMicrotask(e);
	});
};
function Ot() {
	qe(function() {
		for (var e; e = yt.shift();) ht.call(e);
	});
}
function kt() {
	yt.push(this) === 1 && (e.requestAnimationFrame || Et)(Ot);
}
function At() {
	qe(function() {
		for (var e; e = bt.shift();) ht.call(e);
	});
}
function jt() {
	bt.push(this) === 1 && (e.requestAnimationFrame || Dt)(At);
}
function Mt(e, t) {
	var n = z(e);
	n.current = e;
	var r = gt;
	R(function() {
		return mt(function() {
			if (this.N = kt, !(r && 8 & r.__$f)) return n.current();
		}, t);
	}, []);
}
// src/state/filters.ts
var Nt = [
	"userId",
	"action",
	"resourceType",
	"resourceId",
	"success",
	"requestId",
	"sessionId",
	"ipAddress"
], Pt = [
	"userId",
	"action",
	"resourceType"
], Ft = {
	"1h": 1,
	"24h": 24,
	"7d": 168,
	"30d": 720,
	"90d": 2160
}, It = {
	kind: "preset",
	preset: "30d"
}, Lt = 36e5;
function Rt(e, t) {
	switch (e.kind) {
		case "all": return {};
		case "fixed": return {
			startDate: e.start,
			endDate: (/* @__PURE__ */ new Date(Date.parse(e.end) - 1)).toISOString()
		};
		case "preset": return { startDate: (/* @__PURE__ */ new Date(t - Ft[e.preset] * Lt)).toISOString() };
	}
}
function zt(e, t, n, r) {
	return {
		tenantId: e || void 0,
		...t,
		...Rt(n, r)
	};
}
// src/state/navigation.ts
var Bt = {
	view: "trail",
	tenantId: "",
	filters: {},
	range: It,
	eventId: null
};
function Vt(e) {
	let t = new URLSearchParams();
	e.view !== Bt.view && t.set("view", e.view), e.tenantId && t.set("tenantId", e.tenantId);
	for (let n of Nt) {
		let r = e.filters[n];
		r !== void 0 && t.set(n, r);
	}
	let { range: n } = e;
	n.kind === "all" && t.set("range", "all"), n.kind === "fixed" && (t.set("startDate", n.start), t.set("endDate", n.end)), n.kind === "preset" && JSON.stringify(n) !== JSON.stringify(Bt.range) && t.set("range", n.preset), e.eventId !== null && t.set("event", e.eventId);
	let r = t.toString();
	return r && `?${r}`;
}
function Ht(e = {}) {
	let t = H({
		...Bt,
		...e
	});
	return {
		place: t,
		href: (e) => Vt({
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
var Ut = {
	theme: "system",
	timeStyle: "absolute",
	zone: "local",
	hasLetterKeys: !0,
	columns: [
		"time",
		"actor",
		"action",
		"resource",
		"outcome",
		"ipAddress"
	],
	tenants: []
}, Wt = "prooftrail.preferences";
function Gt(e) {
	let t = H(qt(e)), n = !0;
	return mt(() => {
		let r = JSON.stringify(t.value);
		n ? n = !1 : Kt(e, r);
	}), t;
}
function Kt(e, t) {
	try {
		e?.setItem(Wt, t);
	} catch {}
}
function qt(e) {
	try {
		let t = JSON.parse(e?.getItem(Wt) ?? "{}");
		return {
			...Ut,
			...t
		};
	} catch {
		return Ut;
	}
}
// src/style/index.css?inline
var Jt = ":root,:host{--lightningcss-light:initial;--lightningcss-dark: ;color-scheme:light dark;--surface:var(--lightningcss-light,#fff)var(--lightningcss-dark,#14171c);--surface-raised:var(--lightningcss-light,#f6f7f9)var(--lightningcss-dark,#1b1f26);--surface-hover:var(--lightningcss-light,#eef1f5)var(--lightningcss-dark,#232933);--surface-selected:var(--lightningcss-light,#e3ecfb)var(--lightningcss-dark,#223250);--line:var(--lightningcss-light,#dde1e7)var(--lightningcss-dark,#2d343f);--line-strong:var(--lightningcss-light,#8a94a3)var(--lightningcss-dark,#6b7686);--text:var(--lightningcss-light,#1a1f27)var(--lightningcss-dark,#e6e9ee);--text-quiet:var(--lightningcss-light,#59636f)var(--lightningcss-dark,#a1abb9);--accent:var(--lightningcss-light,#1f5fbf)var(--lightningcss-dark,#7fb0ff);--accent-text:var(--lightningcss-light,#fff)var(--lightningcss-dark,#0d1420);--good:var(--lightningcss-light,#1a7340)var(--lightningcss-dark,#5fd08a);--good-surface:var(--lightningcss-light,#e5f4ea)var(--lightningcss-dark,#143222);--bad:var(--lightningcss-light,#b3261e)var(--lightningcss-dark,#ff8f85);--bad-surface:var(--lightningcss-light,#fcebe9)var(--lightningcss-dark,#401c1a);--warn:var(--lightningcss-light,#8a5300)var(--lightningcss-dark,#f0b429);--warn-surface:var(--lightningcss-light,#fdf3df)var(--lightningcss-dark,#3a2d10);--font:system-ui, -apple-system, \"Segoe UI\", Roboto, \"Noto Sans\", sans-serif;--font-mono:ui-monospace, SFMono-Regular, Menlo, Consolas, \"DejaVu Sans Mono\", monospace;--size-small:.75rem;--size:.8125rem;--size-large:1rem;--size-title:1.25rem;--space-1:.25rem;--space-2:.5rem;--space-3:.75rem;--space-4:1rem;--space-6:1.5rem;--radius:6px;--row-height:2.25rem}@media (prefers-color-scheme:dark){:root,:host{--lightningcss-light: ;--lightningcss-dark:initial}}:root[data-theme=light]{--lightningcss-light:initial;--lightningcss-dark: ;color-scheme:light}:root[data-theme=dark]{--lightningcss-light: ;--lightningcss-dark:initial;color-scheme:dark}*,:before,:after{box-sizing:border-box}body{background:var(--surface);color:var(--text);font:var(--size) / 1.5 var(--font);margin:0}h1,h2,h3{margin:0;font-weight:600;line-height:1.25}a{color:var(--accent)}button,input,select{font:inherit;color:inherit}button{cursor:pointer}code,pre{font-family:var(--font-mono)}:focus-visible{outline:2px solid var(--accent);outline-offset:1px}@media (prefers-reduced-motion:reduce){*,:before,:after{scroll-behavior:auto!important;transition:none!important;animation:none!important}}.skip{left:var(--space-2);padding:var(--space-2) var(--space-3);background:var(--surface);z-index:10;position:absolute;top:-3rem}.skip:focus{top:var(--space-2)}#console{flex-direction:column;height:100dvh;display:flex}.hidden{clip-path:inset(50%);white-space:nowrap;width:1px;height:1px;position:absolute;overflow:hidden}.bar{align-items:center;gap:var(--space-2) var(--space-4);padding:var(--space-2) var(--space-4);border-bottom:1px solid var(--line);background:var(--surface-raised);display:flex}.bar-name{align-items:baseline;gap:var(--space-2);min-width:0;display:flex}.bar-title{font-size:var(--size-large);white-space:nowrap}.bar-stack{min-width:0;max-width:16rem;color:var(--text-quiet);font-family:var(--font-mono);font-size:var(--size-small);text-overflow:ellipsis;white-space:nowrap;overflow:hidden}.bar-views{gap:var(--space-1);display:flex}.bar-views a{padding:var(--space-1) var(--space-3);border-radius:var(--radius);color:var(--text-quiet);text-decoration:none}.bar-views a:hover{background:var(--surface-hover)}.bar-views a[aria-current]{background:var(--surface-selected);color:var(--text);font-weight:600}.bar-tenant{align-items:center;gap:var(--space-2);min-width:0;margin-inline-start:auto;display:flex}.bar-label{color:var(--text-quiet)}.field{min-width:0;height:1.75rem;padding:0 var(--space-2);border:1px solid var(--line-strong);border-radius:var(--radius);background:var(--surface)}.field::placeholder{color:var(--text-quiet);opacity:1}.field:user-invalid{border-color:var(--bad)}.bar-tenant-input{width:11rem}@media (max-width:44rem){.bar{gap:var(--space-2);padding:var(--space-2) var(--space-3);grid-template-columns:minmax(0,1fr) auto;display:grid}.bar-name{grid-area:1/1}.bar-theme{grid-area:1/2}.bar-views{grid-area:2/1;gap:0}.bar-views a{padding-inline:var(--space-2)}.bar-tenant,.account{grid-area:2/2;justify-content:flex-end}.bar-tenant .bar-label{clip-path:inset(50%);width:1px;height:1px;position:absolute;overflow:hidden}.bar-tenant-input{width:8rem}}.content{outline:none;flex:1;min-height:0;overflow:auto}.button{min-height:1.75rem;padding:var(--space-1) var(--space-3);border:1px solid var(--line-strong);border-radius:var(--radius);background:var(--surface)}.button:hover{background:var(--surface-hover)}.state{align-items:center;gap:var(--space-1);max-width:36rem;padding:var(--space-6) var(--space-4);color:var(--text-quiet);text-align:center;overflow-wrap:anywhere;flex-direction:column;margin:0 auto;display:flex}.state p{margin:0}.state .state-title{color:var(--text);font-size:var(--size-large);font-weight:600}.state-loading{justify-content:center;gap:var(--space-2);flex-direction:row;animation:.2s .15s both state-appear}.state-spinner{border:2px solid var(--line);border-top-color:var(--accent);border-radius:50%;width:1rem;height:1rem;animation:.8s linear infinite state-turn}@keyframes state-appear{0%{opacity:0}}@keyframes state-turn{to{transform:rotate(1turn)}}.failure-sign{width:1.25rem;height:1.25rem;background:var(--bad-surface);color:var(--bad);font-size:var(--size);border-radius:50%;margin-inline-end:var(--space-2);line-height:1.25rem;display:inline-block}.failure-message{font-size:var(--size-small)}.failure-actions{justify-content:center;align-items:center;gap:var(--space-2) var(--space-3);margin-top:var(--space-2);flex-wrap:wrap;display:flex}.failure>.button{margin-top:var(--space-2)}.failure-countdown{font-variant-numeric:tabular-nums}.untrusted{white-space:pre-wrap;overflow-wrap:anywhere}.untrusted-line{white-space:pre}.untrusted-sign{background:var(--warn-surface);color:var(--warn);font:.9em var(--font-mono);border-radius:3px;padding:0 1px}.untrusted-steps{align-items:center;gap:var(--space-1) var(--space-2);margin-top:var(--space-1);color:var(--text-quiet);font:var(--size-small) / 1.5 var(--font);flex-wrap:wrap;display:flex}.untrusted-steps button,.copy-button{min-height:1.5rem;padding:0 var(--space-2);border:1px solid var(--line);border-radius:var(--radius);background:var(--surface-raised);color:var(--text);font-size:var(--size-small)}.untrusted-steps button:hover,.copy-button:hover{border-color:var(--line-strong);background:var(--surface-hover)}mark{background:var(--warn-surface);color:var(--warn);border-radius:2px;text-decoration:underline}.copy{align-items:center;gap:var(--space-1);flex-wrap:wrap;display:inline-flex}.copy-button{align-items:center;gap:var(--space-1);display:inline-flex}.copy-button[data-state=copied]{color:var(--good)}.copy-status{color:var(--text-quiet);font-size:var(--size-small)}.copy-text{border:1px solid var(--line-strong);border-radius:var(--radius);background:var(--surface);min-width:0;color:inherit;font:var(--size-small) / 1.4 var(--font-mono);flex-basis:100%}.toolbar{z-index:2;gap:var(--space-1);padding:var(--space-2) var(--space-4) 0;border-bottom:1px solid var(--line);background:var(--surface);flex-direction:column;display:flex;position:relative;container-type:inline-size}.toolbar-row{align-items:center;gap:var(--space-2);flex-wrap:wrap;display:flex}.toolbar-fold{display:none}.toolbar-hidden{clip-path:inset(50%);white-space:nowrap;width:1px;height:1px;position:absolute;overflow:hidden}.toolbar-hint,.toolbar-form-hint,.toolbar-form-problem{color:var(--text-quiet);font-size:var(--size-small);margin:0}.toolbar-form-problem{color:var(--bad)}.toolbar-button,.toolbar-button-main,.toolbar-button-quiet{min-height:1.75rem;padding:0 var(--space-3);border:1px solid var(--line);border-radius:var(--radius);background:var(--surface-raised);white-space:nowrap}.toolbar-button:hover,.toolbar-button[aria-expanded=true]{border-color:var(--line-strong);background:var(--surface-hover)}.toolbar-button:disabled{color:var(--text-quiet);cursor:default}.toolbar-button-main{border-color:var(--accent);background:var(--accent);color:var(--accent-text)}.toolbar-button-quiet{padding:0 var(--space-1);color:var(--accent);background:0 0;border-color:#0000}.toolbar-button-quiet:hover{text-decoration:underline}.toolbar-disclosure{min-width:0;display:inline-flex;position:relative}.toolbar-disclosure-panel{top:calc(100% + var(--space-1));z-index:5;width:22rem;max-width:calc(100cqw - var(--space-4));padding:var(--space-3);border:1px solid var(--line-strong);border-radius:var(--radius);background:var(--surface);position:absolute;left:0;box-shadow:0 6px 24px #0003}.toolbar-form{align-items:center;gap:var(--space-2) var(--space-3);grid-template-columns:auto 1fr;display:grid}.toolbar-form label{color:var(--text-quiet)}.toolbar-form input,.toolbar-form select{width:100%;min-width:0;min-height:2rem;padding:0 var(--space-2);border:1px solid var(--line-strong);border-radius:var(--radius);background:var(--surface)}.toolbar-form [aria-invalid=true]{border-color:var(--bad)}.toolbar-form-hint,.toolbar-form-problem{grid-column:1/-1}.toolbar-form-buttons{gap:var(--space-2);grid-column:1/-1;margin:0;display:flex}.toolbar-chips{align-items:center;gap:var(--space-1) var(--space-2);flex-wrap:wrap;flex:14rem;min-width:0;display:flex}.toolbar-chip{border:1px solid var(--line);border-radius:var(--radius);background:var(--surface-selected);max-width:100%;display:inline-flex}.toolbar-chip-invalid{border-color:var(--bad);background:var(--bad-surface)}.toolbar-chip-edit{gap:var(--space-1);min-width:0;min-height:1.625rem;padding:0 0 0 var(--space-2);border-radius:var(--radius) 0 0 var(--radius);white-space:nowrap;background:0 0;border:0;align-items:center;display:inline-flex}.toolbar-chip-name{color:var(--text-quiet)}.toolbar-chip-value{text-overflow:ellipsis;max-width:16rem;font-weight:600;overflow:hidden}.toolbar-chip-problem{color:var(--bad)}.toolbar-chip-remove{border-radius:0 var(--radius) var(--radius) 0;min-width:1.625rem;color:var(--text-quiet);background:0 0;border:0;padding:0}.toolbar-chip-edit:hover,.toolbar-chip-remove:hover{background:var(--surface-hover);color:var(--text)}.toolbar-segments{border:1px solid var(--line);border-radius:var(--radius);background:var(--surface-raised);flex-wrap:wrap;display:flex}.toolbar-segments>button,.toolbar-segments>.toolbar-disclosure>button{border-radius:calc(var(--radius) - 1px);white-space:nowrap;background:0 0;border:0;min-height:1.625rem;padding:0 .625rem}.toolbar-segments>button:hover,.toolbar-segments>.toolbar-disclosure>button:hover{background:var(--surface-hover)}.toolbar-segments>button[aria-pressed=true],.toolbar-segments>.toolbar-disclosure>button[aria-pressed=true]{background:var(--accent);color:var(--accent-text);font-weight:600}.toolbar-export-menu{gap:var(--space-2);display:grid}.toolbar-export-menu hr{border:0;border-top:1px solid var(--line);width:100%;margin:0}.toolbar-export-menu>.toolbar-button{text-align:left}.toolbar-export-status{justify-content:space-between;align-items:center;gap:var(--space-3);display:flex}.toolbar-export-status:not(:empty){margin-bottom:var(--space-2);padding:var(--space-1) var(--space-1) var(--space-1) var(--space-3);border-radius:var(--radius);background:var(--surface-raised)}.toolbar-export-status[data-kind=done]{background:var(--good-surface)}.toolbar-export-status[data-kind=failed]{background:var(--bad-surface)}.toolbar-histogram-legend{align-items:center;gap:0 var(--space-3);min-height:1.5rem;font-size:var(--size-small);font-variant-numeric:tabular-nums;flex-wrap:wrap;margin:0;display:flex}.toolbar-histogram-legend .toolbar-button-quiet{min-height:1.5rem}.toolbar-histogram-events{font-weight:600}.toolbar-histogram-quiet,.toolbar-histogram-ignored{color:var(--text-quiet)}.toolbar-histogram-key:before{width:.75rem;height:.75rem;margin-right:var(--space-1);content:\"\";vertical-align:-1px;border-radius:2px;display:inline-block}.toolbar-histogram-key-successful:before{background:color-mix(in srgb, var(--accent) 75%, var(--surface))}.toolbar-histogram-key-failed:before{background:repeating-linear-gradient(135deg, var(--bad) 0 3px, var(--surface) 3px 4.5px)}.toolbar-histogram-canvas{border-top:0 solid var(--line);outline:0 solid var(--bad);background:var(--surface);height:4.5rem;caret-color:var(--text-quiet);color:color-mix(in srgb, var(--accent) 75%, var(--surface));overflow:hidden}.toolbar-histogram[aria-busy=true] .toolbar-histogram-canvas{opacity:.5}.toolbar-histogram-failure{justify-content:space-between;align-items:center;gap:var(--space-3);min-height:3rem;margin-bottom:var(--space-2);padding:var(--space-1) var(--space-2) var(--space-1) var(--space-3);border-radius:var(--radius);background:var(--bad-surface);overflow-wrap:anywhere;display:flex}.toolbar-histogram-canvas .u-wrap{-webkit-user-select:none;user-select:none;position:relative}.toolbar-histogram-canvas :is(.u-over,.u-under,.u-select,.u-axis){position:absolute}.toolbar-histogram-canvas .u-over{cursor:crosshair}.toolbar-histogram-canvas .u-under{overflow:hidden}.toolbar-histogram-canvas canvas{width:100%;height:100%;display:block;position:relative}.toolbar-histogram-canvas .u-select{border:solid var(--accent);background:color-mix(in srgb, var(--accent) 20%, transparent);pointer-events:none;border-width:0 1px}.toolbar-histogram-canvas :is(.u-cursor-x,.u-cursor-y){pointer-events:none;position:absolute;top:0;left:0}.toolbar-histogram-canvas .u-cursor-x{border-right:1px dashed var(--line-strong);height:100%}.toolbar-histogram-canvas .u-off{display:none}@container (width<=44rem){.toolbar-fold{text-align:left;text-overflow:ellipsis;display:block;overflow:hidden}.toolbar-row{display:none}.toolbar-row-open{display:flex}.toolbar-chips,.toolbar-segments{flex-basis:100%}.toolbar-segments>button,.toolbar-segments>.toolbar-disclosure>button{flex:1 0 auto;padding:0 .375rem}.toolbar-histogram-canvas{height:3.5rem}}.trail{flex-direction:column;height:100%;display:flex;container:trail/inline-size}.trail-body{flex:1;min-height:0;display:flex;position:relative}.trail-event{border-inline-start:1px solid var(--line);outline-offset:-2px;flex:0 0 clamp(26rem,46%,52rem);min-width:0;overflow:auto}.trail-event-bar{z-index:2;padding:var(--space-1) var(--space-3);border-bottom:1px solid var(--line);background:var(--surface);justify-content:flex-end;display:flex;position:sticky;top:0}.trail-event-bar a{padding:var(--space-1) var(--space-2);border-radius:var(--radius);color:var(--text-quiet);text-decoration:none}.trail-event-bar a:hover{background:var(--surface-hover)}.trail-back{display:none}kbd{padding:0 var(--space-1);border:1px solid var(--line-strong);font:var(--size-small) / 1.4 var(--font-mono);border-radius:3px}@container trail (width<900px){.trail[data-open] .trail-toolbar{display:none}.trail[data-open] .list{visibility:hidden}.trail-event{background:var(--surface);border:0;position:absolute;inset:0}.trail-event-bar{justify-content:flex-start}.trail-back{display:inline}.trail-close{display:none}}.list{flex-direction:column;flex:1;min-width:0;display:flex}.list-bar{align-items:center;gap:var(--space-1) var(--space-2);min-height:2.5rem;padding:var(--space-1) var(--space-4);border-bottom:1px solid var(--line);flex-wrap:wrap;display:flex}.list-count{color:var(--text-quiet);font-variant-numeric:tabular-nums}.list-count b{color:var(--text);font-weight:600}.list-space{flex:1}.list-button{min-height:1.75rem;padding:0 var(--space-2);border-radius:var(--radius);color:var(--text-quiet);background:0 0;border:1px solid #0000}.list-button:hover:not(:disabled){background:var(--surface-hover);color:var(--text)}.list-button:disabled{cursor:default}.list-button option{background:var(--surface);color:var(--text)}.list-fresh{background:var(--accent);color:var(--accent-text);font-variant-numeric:tabular-nums;border-radius:1rem;font-weight:600}.list-fresh:hover:not(:disabled){background:var(--accent);color:var(--accent-text);text-decoration:underline}.list-dot{width:.5rem;height:.5rem;border:1.5px solid var(--line-strong);border-radius:50%;margin-inline-end:var(--space-1);display:inline-block}.list-live[aria-pressed=true]{border-color:var(--good);color:var(--text)}.list-live[aria-pressed=true] .list-dot{border-color:var(--good);background:var(--good);animation:2s ease-in-out infinite list-pulse}.list-live[data-status=waiting] .list-dot{border-color:var(--warn);background:var(--warn);animation:none}@keyframes list-pulse{50%{opacity:.35}}.list-scroller{--list-row:var(--row-height);overflow-anchor:none;flex:1;min-height:0;position:relative;overflow:auto}.list-grid,.list-skeleton{min-width:var(--list-width)}.list-probe{visibility:hidden;width:0;height:var(--list-row);position:absolute}.list-head{z-index:1;border-bottom:1px solid var(--line);background:var(--surface-raised);position:sticky;top:0}.list-head-row,.list-row,.list-row-bones{grid-template-columns:var(--list-tracks);align-items:center;column-gap:1rem;padding:0 1rem;display:grid}.list-head-row{height:2rem;color:var(--text-quiet);font-size:var(--size-small);font-weight:600}.list-zone{margin-inline-start:var(--space-2);font-weight:400}.list-body{contain:strict;position:relative}.list-row{width:100%;height:var(--list-row);border-bottom:1px solid var(--line);cursor:pointer;contain:strict;position:absolute;top:0;left:0}.list-row:hover{background:var(--surface-hover)}.list-row:focus-visible{outline-offset:-2px}.list-row[data-kind=bad]{box-shadow:inset 3px 0 var(--bad)}.list-row[data-kind=unreadable]{background:var(--warn-surface);box-shadow:inset 3px 0 var(--warn)}.list-row[data-fresh]{animation:2s ease-out list-arrive}@keyframes list-arrive{0%{background:var(--good-surface)}}.list-row[aria-selected=true]{background:var(--surface-selected)}.list-cell{text-overflow:ellipsis;white-space:nowrap;min-width:0;overflow:hidden}.list-cell-time,.list-cell-received{color:var(--text-quiet);font-variant-numeric:tabular-nums}.list-quiet{color:var(--text-quiet)}.list-code{font-family:var(--font-mono);font-size:var(--size-small)}.list-link{color:inherit;font-weight:500;text-decoration:none}.list-row:hover .list-link{text-decoration:underline;-webkit-text-decoration-color:var(--line-strong);text-decoration-color:var(--line-strong);text-underline-offset:3px}.list-outcome{color:var(--text-quiet)}.list-outcome>[aria-hidden]{color:var(--good)}.list-outcome-bad,.list-outcome-bad>[aria-hidden]{color:var(--bad);font-weight:600}.list-broken{grid-column:1/-1;gap:1rem;display:flex}.list-broken time{color:var(--text-quiet)}.list-broken .list-link{color:var(--warn);text-overflow:ellipsis;overflow:hidden}.list-hidden{clip-path:inset(50%);white-space:nowrap;width:1px;height:1px;position:absolute;overflow:hidden}.list-row-bones{height:var(--list-row);border-bottom:1px solid var(--line)}.list-bone{background:var(--surface-hover);border-radius:3px;width:70%;height:.625rem;animation:.2s .15s both list-appear}@keyframes list-appear{0%{opacity:0}}.list-foot{align-items:center;gap:var(--space-2);min-height:3rem;padding:var(--space-3) var(--space-4);color:var(--text-quiet);text-align:center;flex-direction:column;margin:0;display:flex}.list-foot p{margin:0}.list-foot .state{padding:0}.list-actions{justify-content:center;gap:var(--space-2);padding-top:var(--space-2);flex-wrap:wrap;display:flex}.list-compact{--list-row:3.25rem}.list-compact .list-head{clip-path:inset(50%);width:1px;height:1px;position:absolute;overflow:hidden}.list-compact .list-row{flex-direction:column;justify-content:center;align-items:stretch;display:flex}.list-compact .list-row-bones{grid-template-columns:1fr 2fr 1fr}.list-line{gap:var(--space-2);min-width:0;display:flex}.list-line .list-cell{flex:0 auto}.list-line .list-cell-outcome{flex:none}.list-compact .list-outcome:not(.list-outcome-bad)>.list-word{clip-path:inset(50%);width:1px;position:absolute;overflow:hidden}.list-line .list-cell-time{flex:none;margin-inline-start:auto}.list-line+.list-line{color:var(--text-quiet);font-size:var(--size-small)}.list-menu{padding:var(--space-2);border:1px solid var(--line-strong);border-radius:var(--radius);background:var(--surface-raised);color:var(--text);margin:0;inset:auto}.list-choice{grid-template-columns:minmax(9rem,1fr) 1.75rem 1.75rem;align-items:center;min-height:1.75rem;display:grid}.list-choice label{align-items:center;gap:var(--space-2);min-height:1.75rem;display:flex}.list-choice input{margin:0}.list-choice button{border-radius:var(--radius);background:0 0;border:0;min-height:1.5rem}.list-choice button:hover:not(:disabled){background:var(--surface-hover)}.list-choice button:disabled{opacity:.35;cursor:default}.list-keys{min-width:18rem;padding:var(--space-4);border:1px solid var(--line-strong);border-radius:var(--radius);background:var(--surface-raised);color:var(--text)}.list-keys::backdrop{background:#0006}.list-keys dl>div{padding:var(--space-1) 0;grid-template-columns:4rem 1fr;display:grid}.list-keys dd{margin:0}.list-keys .button{margin:var(--space-4) 0 0 auto;display:block}.statistics{gap:var(--space-4);max-width:100rem;padding:var(--space-3) var(--space-4) var(--space-6);flex-direction:column;margin:0 auto;display:flex;container-type:inline-size}.statistics-controls{align-items:center;gap:var(--space-2);flex-wrap:wrap;display:flex}.statistics-ranges{border:1px solid var(--line-strong);border-radius:var(--radius);display:flex;overflow:hidden}.statistics-ranges a{min-height:1.625rem;padding:.15rem var(--space-3);color:var(--text);text-decoration:none}.statistics-ranges a+a{border-inline-start:1px solid var(--line)}.statistics-ranges a:hover{background:var(--surface-hover)}.statistics-ranges a:focus-visible{outline-offset:-2px}.statistics-ranges a[aria-current]{background:var(--surface-selected);font-weight:600}.statistics-chip{align-items:center;gap:var(--space-1);max-width:100%;border:1px solid var(--line);border-radius:var(--radius);background:var(--surface-selected);white-space:nowrap;padding-inline-start:var(--space-2);display:inline-flex;overflow:hidden}.statistics-chip bdi{text-overflow:ellipsis;overflow:hidden}.statistics-chip button{background:0 0;border:0;min-width:1.625rem;min-height:1.625rem;padding:0}.statistics-chip button:hover{background:var(--surface-hover)}.statistics-reload{margin-inline-start:auto}.statistics-ignored{color:var(--warn);flex-basis:100%;margin:0}.statistics-results{gap:var(--space-6);flex-direction:column;transition:opacity .15s;display:flex}.statistics-stale{opacity:.55}.statistics-range{margin:0 0 calc(-1 * var(--space-4));color:var(--text-quiet);font-size:var(--size-small)}.statistics h3{font-size:var(--size)}.statistics-empty-links{gap:var(--space-4);padding-top:var(--space-2);display:flex}.totals-cards{border:1px solid var(--line);border-radius:var(--radius);grid-template-columns:repeat(4,minmax(0,1fr));display:grid}.card{min-width:0;padding:var(--space-3) var(--space-4)}.card+.card{border-inline-start:1px solid var(--line)}.statistics .card-label{color:var(--text-quiet);font-weight:400}.card-label a{color:inherit}.card-value,.card-change,.totals-before{margin:0}.card-value{font-variant-numeric:tabular-nums;font-size:1.5rem;font-weight:600;line-height:1.4}.card-change{color:var(--text-quiet);font-size:var(--size-small)}.card-change [data-mark=bad]{color:var(--bad)}.card-change [data-mark=good]{color:var(--good)}.totals-before{min-height:1.5rem;padding-top:var(--space-1);color:var(--text-quiet);font-size:var(--size-small)}.totals-before .button{margin-inline-start:var(--space-2)}.series-head{min-height:1.75rem;padding-bottom:var(--space-1);justify-content:space-between;align-items:center;display:flex}.series-intervals{display:flex}.series-interval{min-height:1.625rem;padding:0 var(--space-3);border:1px solid var(--line-strong);background:var(--surface)}.series-interval:first-child{border-radius:var(--radius) 0 0 var(--radius)}.series-interval:last-child{border-radius:0 var(--radius) var(--radius) 0;border-inline-start:0}.series-interval[aria-pressed=true]{background:var(--surface-selected);font-weight:600}.chart{margin:0}.chart-frame{border-bottom:0 solid var(--line);height:200px;color:var(--text-quiet)}.chart-frame .u-select{background:var(--accent);opacity:.2}.chart-frame .u-cursor-x{border-color:var(--line-strong)}.chart-legend{gap:var(--space-1) var(--space-4);min-height:1.25rem;font-size:var(--size-small);flex-wrap:wrap;padding-inline-start:44px;display:flex}.chart-good{color:var(--accent)}.chart-bad{color:var(--bad)}.chart-word{color:var(--text);font-variant-numeric:tabular-nums;margin-inline-start:var(--space-1)}.chart-hint{color:var(--text-quiet);margin-inline-start:auto}.series-table summary{width:-moz-fit-content;width:fit-content;min-height:1.5rem;color:var(--accent);cursor:pointer}.series-table table{border-collapse:collapse;font-variant-numeric:tabular-nums;width:100%;max-width:44rem}.series-table th,.series-table td{padding:.15rem var(--space-2);border-bottom:1px solid var(--line);text-align:end;font-weight:400}.series-table thead th{color:var(--text-quiet)}.series-table th:first-child{text-align:start;padding-inline-start:0}.statistics-breakdowns{align-items:start;gap:var(--space-6);grid-template-columns:repeat(3,minmax(0,1fr));display:grid}.statistics-breakdowns>*{min-width:0}.statistics .breakdown-title{padding-bottom:var(--space-1);border-bottom:1px solid var(--line)}.breakdown-count{color:var(--text-quiet);font-weight:400}.breakdown-note{margin:var(--space-1) 0;color:var(--text-quiet);font-size:var(--size-small)}.breakdown-rows{margin:0;padding:0;list-style:none}.breakdown>.button{margin-top:var(--space-2)}.breakdown-row{gap:0 var(--space-2);padding:var(--space-1) var(--space-1) .375rem;border-radius:var(--radius);color:var(--text);grid-template-columns:minmax(0,1fr) auto 3.25rem;text-decoration:none;display:grid}a.breakdown-row:hover{background:var(--surface-hover)}a.breakdown-row:hover .breakdown-name{text-decoration:underline}.breakdown-name{text-overflow:ellipsis;white-space:nowrap;overflow:hidden}.breakdown-number,.breakdown-share{font-variant-numeric:tabular-nums;text-align:end}.breakdown-share{color:var(--text-quiet)}.breakdown-track{background:var(--surface-raised);border-radius:3px;grid-area:2/1/auto/-1;height:.375rem}.breakdown-bar{background:var(--accent);border-radius:3px;min-width:2px;height:100%;display:block}.statistics-user{align-items:center;gap:var(--space-2);padding-top:var(--space-3);flex-wrap:wrap;display:flex}.statistics-user .field{flex:8rem}@container (width<=56rem){.statistics-breakdowns{grid-template-columns:repeat(2,minmax(0,1fr))}}@container (width<=36rem){.totals-cards,.statistics-breakdowns{grid-template-columns:minmax(0,1fr)}.totals-cards{grid-template-columns:repeat(2,minmax(0,1fr))}.card:nth-child(odd){border-inline-start:0}.card:nth-child(n+3){border-top:1px solid var(--line)}.statistics-ranges a{padding-inline:var(--space-2)}}.sign-in{gap:var(--space-3);margin-block-start:12vh}.sign-in .button{border-color:var(--accent);background:var(--accent);color:var(--accent-text);font-weight:600}.sign-in-problem{padding:var(--space-2) var(--space-3);border:1px solid var(--bad);border-radius:var(--radius);background:var(--bad-surface);color:var(--text)}.expired{align-items:center;gap:var(--space-2) var(--space-4);padding:var(--space-2) var(--space-4);border-bottom:1px solid var(--warn);background:var(--warn-surface);flex-wrap:wrap;display:flex}.expired-text{flex:16rem;margin:0}.account{align-items:center;gap:var(--space-3);min-width:0;margin-inline-start:auto;display:flex}.account-name{min-width:0;color:var(--text-quiet);text-overflow:ellipsis;white-space:nowrap;overflow:hidden}", Yt = Symbol.for("pv"), Xt = 0;
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
		constructor: Yt,
		__v: --Xt,
		__i: -1,
		__u: 0
	};
	return (a || o) && (u.__source = a, u.__self = o), e.vnode && e.vnode(u), u;
}
// src/parts/link.tsx
function Zt({ to: e, current: t = !1, class: n, tabIndex: r, children: i }) {
	let { navigation: a } = B();
	return /* @__PURE__ */ U("a", {
		class: n,
		tabIndex: r,
		href: a.href(e),
		"aria-current": t ? "page" : void 0,
		onClick: (t) => {
			t.button !== 0 || t.metaKey || t.ctrlKey || t.shiftKey || (t.preventDefault(), a.go(e));
		},
		children: i
	});
}
// src/state/ids.ts
var Qt = "0123456789ABCDEFGHJKMNPQRSTVWXYZ", $t = 10;
function en(e) {
	if (e.length < $t) return NaN;
	let t = 0;
	for (let n of e.slice(0, $t)) {
		let e = Qt.indexOf(n);
		if (e < 0) return NaN;
		t = t * 32 + e;
	}
	return t;
}
function tn(e, t) {
	let n = 0, r = e.length;
	for (; n < r;) {
		let i = n + r >>> 1;
		(e[i]?.id ?? "") > t ? n = i + 1 : r = i;
	}
	return n;
}
function nn(e, t) {
	let n = tn(e, t);
	return e[n]?.id === t ? n : -1;
}
var rn = 6e4, W = 9e5, G = 200, an = 1e3, on = 5e3, sn = 50, cn = { kind: "loading" };
function K(e, t, n = Date.now) {
	return new ln(e, t, n);
}
var ln = class {
	api;
	query;
	getNow;
	items = H([]);
	status = H(cn);
	partialPages = H(0);
	fresh = H(/* @__PURE__ */ new Set());
	known = /* @__PURE__ */ new Set();
	older = [];
	isAcknowledged = !0;
	cursor = null;
	request = {};
	polledMs = 0;
	running = new AbortController();
	constructor(e, t, n) {
		this.api = e, this.query = t, this.getNow = n;
	}
	reload() {
		this.dispose(), this.running = new AbortController(), this.polledMs = this.getNow();
		let { tenantId: e, filters: t, range: n } = this.query;
		this.request = zt(e, t, n, this.polledMs), this.cursor = null, this.known.clear(), this.older = [], qe(() => {
			this.items.value = [], this.fresh.value = /* @__PURE__ */ new Set(), this.status.value = cn;
		}), this.load(100);
	}
	loadMore() {
		let { kind: e } = this.status.peek();
		e !== "loading" && e !== "ended" && (this.status.value = cn, this.load(this.cursor === null ? 100 : 250));
	}
	acknowledge() {
		this.isAcknowledged = !0;
	}
	dispose() {
		this.running.abort();
	}
	async load(e) {
		let { signal: t } = this.running;
		this.partialPages.value = 0;
		try {
			for (let n = e; n > 0;) {
				let e = await this.api.listEvents(this.getPageQuery(n), t);
				if (t.aborted) return;
				let r = e.nextCursor !== null && e.items.length < n;
				if (n -= e.items.length, this.cursor = e.nextCursor, qe(() => {
					this.append(e.items), r && (this.partialPages.value += 1), this.status.value = this.getStatus(n);
				}), this.status.peek().kind !== "loading") return;
			}
		} catch (e) {
			t.aborted || (this.status.value = {
				kind: "failed",
				error: e
			});
		}
	}
	getPageQuery(e) {
		return {
			...this.request,
			limit: e,
			...this.cursor === null ? {} : { cursor: this.cursor }
		};
	}
	getStatus(e) {
		return this.cursor === null ? { kind: "ended" } : e <= 0 ? { kind: "ready" } : this.partialPages.peek() < 20 ? cn : { kind: "paused" };
	}
	append(e) {
		let t = e.filter((e) => !this.known.has(e.id));
		for (let e of t) this.known.add(e.id);
		let n = this.cursor === null ? "" : e.at(-1)?.id ?? "~", r = this.older.filter((e) => e.id > n);
		r.length > 0 && (this.older = this.older.filter((e) => e.id <= n));
		let i = t.length > 0 ? [...this.items.peek(), ...t] : this.items.peek();
		this.items.value = un(i, r);
	}
	async poll(e, t) {
		if (this.items.peek().length === 0 && this.status.peek().kind !== "ended") return;
		let n = AbortSignal.any([t, this.running.signal]), r = this.getNow(), i = await this.readArrived(e, n);
		n.throwIfAborted(), this.polledMs = r, i === "tooMany" ? this.reload() : i.length > 0 && this.receive(i);
	}
	async readArrived(e, t) {
		let { request: n } = this, r = new Date(this.getPollStart(e)).toISOString(), i = e ? an : G, a = [], o = null;
		for (let s = 0, c = 0; s < sn; s += 1) {
			let s = {
				...n,
				startDate: r,
				limit: i,
				...o === null ? {} : { cursor: o }
			}, l = await this.api.listEvents(s, t), u = l.items.filter((e) => !this.known.has(e.id));
			if (a.push(...u), c += l.items.length, o = l.nextCursor, o === null || !e && l.items.length > 0 && u.length === 0) return a;
			if (c >= on) return u.length < l.items.length ? a : "tooMany";
		}
		return "tooMany";
	}
	getPollStart(e) {
		let t = en(this.items.peek()[0]?.id ?? ""), n = (Number.isNaN(t) ? this.polledMs : Math.min(t, this.polledMs)) - (e ? W : rn), r = Date.parse(String(this.request.startDate ?? ""));
		return Math.max(n, Number.isNaN(r) ? 0 : r);
	}
	receive(e) {
		let t = e.filter((e) => !this.known.has(e.id)), n = this.status.peek().kind === "ended" ? "" : this.items.peek().at(-1)?.id ?? "", r = t.filter((e) => e.id > n);
		for (let e of t) this.known.add(e.id);
		if (this.older.push(...t.filter((e) => e.id <= n)), r.length === 0) return;
		let i = this.isAcknowledged ? [] : this.fresh.peek();
		this.isAcknowledged = !1, qe(() => {
			this.fresh.value = /* @__PURE__ */ new Set([...i, ...r.map((e) => e.id)]), this.items.value = un(this.items.peek(), r);
		});
	}
};
function un(e, t) {
	if (t.length === 0) return e;
	let n = [...t].sort((e, t) => e.id < t.id ? 1 : -1), r = [], i = 0;
	for (let t of n) {
		let n = tn(e, t.id);
		r.push(e.slice(i, n), [t]), i = n;
	}
	return r.push(e.slice(i)), r.flat();
}
// src/texts.ts
var q = {
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
	trail: {
		label: "Events",
		columns: {
			time: "Time",
			actor: "Who",
			action: "Action",
			resource: "Resource",
			outcome: "Outcome",
			ipAddress: "Address",
			requestId: "Request",
			sessionId: "Session",
			error: "Error",
			submitter: "Submitted by",
			tenant: "Tenant",
			received: "Received"
		},
		succeeded: "Succeeded",
		failed: "Failed",
		unreadable: "Not readable:",
		noValue: "not given",
		count: {
			one: "event",
			other: "events"
		},
		loadedSoFar: "so far",
		fresh: "new",
		showFresh: "Show them",
		live: "Live",
		liveHint: (e) => `Looks for new events every 5 seconds. An event that arrives more than ${e} minutes after it happened is shown when the list is loaded again.`,
		liveNotPossible: "The range has ended, so nothing new can arrive in it.",
		liveWaiting: "Live, waiting to try again",
		reload: "Load again",
		times: "Times",
		timeStyles: {
			relative: "Relative",
			utc: "UTC"
		},
		chooseColumns: "Columns",
		moveUp: (e) => `Move ${e} up`,
		moveDown: (e) => `Move ${e} down`,
		keys: {
			title: "Keys",
			open: "List of keys",
			close: "Close",
			list: [
				["j", "Next event"],
				["k", "Previous event"],
				["Enter", "Open the event"],
				["Esc", "Close the event"],
				["/", "Go to the filters"],
				["?", "Show this list"]
			],
			enabled: "Use single letters as keys"
		},
		empty: {
			title: "No events here",
			filtered: "No event in this range matches all filters.",
			bare: "This range has no events.",
			widen: "Show all time",
			unfilter: "Remove the filters",
			none: "As soon as an application sends an event, it is shown here."
		},
		ended: {
			all: "These are all events.",
			range: "These are all events of this range."
		},
		partial: (e) => `Few events match. ${e === 1 ? "One page was" : `${e} pages were`} read without enough matches; older events follow.`,
		paused: "Many older events were read, and few match. There may be more.",
		goOn: "Read on",
		back: "Back to the list",
		closeEvent: "Close"
	},
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
};
// src/views/event/verified.tsx
function dn({ id: e, tenantId: t }) {
	return /* @__PURE__ */ U("section", {
		"data-id": e,
		"data-tenant": t
	});
}
// src/views/event/event.tsx
function fn({ id: e, tenantId: t }) {
	return /* @__PURE__ */ U("aside", { children: [e, /* @__PURE__ */ U(dn, {
		id: e,
		tenantId: t
	})] });
}
// src/state/filter-focus.ts
var pn = "prooftrail-filter-focus";
function mn(e) {
	e.getRootNode().dispatchEvent(new Event(pn));
}
// src/state/live.ts
var hn = 5e3, gn = 15e3, _n = W / 6e4;
function vn(e, t) {
	let n = H("on"), r = new AbortController(), i = 0, a = !1, o;
	async function s() {
		if (t.hidden || a) return;
		a = !0;
		let e = await c();
		a = !1, l(e);
	}
	async function c() {
		try {
			return await e.poll(i % 12 == 0, r.signal), i += 1, r.signal.aborted || (n.value = "on"), hn;
		} catch (e) {
			return e instanceof fe ? (n.value = "waiting", e.retryAfter === null ? gn : e.retryAfter * 1e3) : hn;
		}
	}
	function l(e) {
		clearTimeout(o), r.signal.aborted || (o = setTimeout(() => void s(), e));
	}
	function u() {
		clearTimeout(o), i = 0, t.hidden || l(0);
	}
	return t.addEventListener("visibilitychange", u), l(hn / 5), {
		status: n,
		stop() {
			r.abort(), clearTimeout(o), t.removeEventListener("visibilitychange", u), n.value = "off";
		}
	};
}
// src/format.ts
var yn = bn(globalThis.navigator?.languages ?? [], q.language);
function bn(e, t) {
	return e.find((e) => e === t || e.startsWith(`${t}-`)) ?? t;
}
function xn(e, t = 0) {
	return new Intl.NumberFormat(yn, { maximumFractionDigits: t }).format(e);
}
// src/parts/instants.ts
var Sn = {
	month: "short",
	day: "2-digit",
	hour: "2-digit",
	minute: "2-digit",
	second: "2-digit",
	hourCycle: "h23"
}, Cn = {
	short: Sn,
	second: {
		...Sn,
		year: "numeric"
	},
	full: {
		...Sn,
		year: "numeric",
		fractionalSecondDigits: 3,
		timeZoneName: "short"
	}
}, wn = [
	["year", 31536e6],
	["month", 2592e6],
	["day", 864e5],
	["hour", 36e5],
	["minute", 6e4]
], Tn = /* @__PURE__ */ new Map(), En = new Intl.RelativeTimeFormat(yn, {
	numeric: "auto",
	style: "short"
});
function Dn(e, t) {
	let n = `${e} ${t}`, r = Tn.get(n);
	if (r === void 0) {
		let i = e === "utc" ? "UTC" : void 0;
		r = new Intl.DateTimeFormat(yn, {
			...Cn[t],
			timeZone: i
		}), Tn.set(n, r);
	}
	return r;
}
function On(e, t, n, r) {
	let i = new Date(e).getUTCFullYear() === new Date(r).getUTCFullYear();
	return Dn(t, n === "short" && !i ? "second" : n).format(e);
}
function kn(e, t) {
	let n = e - t;
	for (let [e, t] of wn) if (Math.abs(n) >= t) return En.format(Math.trunc(n / t), e);
	return En.format(0, "second");
}
function An(e) {
	return e === "utc" ? "UTC" : new Intl.DateTimeFormat().resolvedOptions().timeZone;
}
// src/state/clock.ts
var jn = 6e4, Mn, Nn = Pn();
function Pn() {
	let e = H(Date.now(), {
		watched() {
			Mn = setInterval(() => e.value = Date.now(), jn);
		},
		unwatched() {
			clearInterval(Mn);
		}
	});
	return e;
}
// src/parts/characters.ts
var Fn = /* @__PURE__ */ RegExp("(?!(?<=\\p{ExtPict})\\uFE0F|(?<=\\p{ExtPict}\\uFE0F?|\\p{EMod})\\u200D(?=\\p{ExtPict}))(?:[\\p{C}\\p{DI}\\p{Zl}\\p{Zp}\\u2800]|(?![ \\u3000])\\p{Zs}|(?<=\\p{M}{4})\\p{M})", "gu"), In = /^[\n\t]$/;
function Ln(e, t, n) {
	let r = [], i = 0;
	for (let { 0: a, index: o } of e.matchAll(Fn)) (n || !In.test(a)) && (Rn(r, e.slice(i, o), t), zn(r, a, o === i), i = o + a.length);
	return Rn(r, e.slice(i), t), r;
}
function Rn(e, t, n) {
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
function zn(e, t, n) {
	let r = (t.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0"), i = e.at(-1), a = n && i?.kind === "sign" && i.code === r, o = a ? i.count + 1 : 1;
	a && e.pop(), e.push({
		kind: "sign",
		code: r,
		count: o,
		text: o > 1 ? `⟨U+${r} ×${o}⟩` : `⟨U+${r}⟩`
	});
}
function Bn(e, t, n, r) {
	let i = Vn(e, t, t + n, r);
	if (i >= e.length) return e.length;
	let a = e.slice(t, i + 64), o = Hn(a, i - t);
	return t + (o > 0 ? o : Un(a, i - t));
}
function Vn(e, t, n, r) {
	let i = t;
	for (let t = 0; t < r; t += 1) {
		let t = e.indexOf("\n", i);
		if (t < 0 || t >= n) return n;
		i = t + 1;
	}
	return i;
}
function Hn(e, t) {
	return "Segmenter" in Intl ? new Intl.Segmenter().segment(e).containing(t)?.index ?? t : Un(e, t);
}
function Un(e, t) {
	return /[\uD800-\uDBFF]/.test(e[t - 1] ?? "") && /[\uDC00-\uDFFF]/.test(e[t] ?? "") ? t - 1 : t;
}
// src/parts/untrusted.tsx
var Wn = [
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
], Gn = {
	length: 200,
	lines: 3
};
function Kn({ text: e, line: t = !1, pattern: n = null }) {
	if (!t) return /* @__PURE__ */ U(Yn, {
		text: e,
		pattern: n
	});
	let r = Bn(e, 0, Gn.length, Gn.lines);
	return /* @__PURE__ */ U("bdi", {
		class: "untrusted-line",
		children: [/* @__PURE__ */ U(qn, {
			text: e.slice(0, r),
			pattern: n,
			isLine: !0
		}), r < e.length && "…"]
	});
}
function qn({ text: e, pattern: t, isLine: n = !1 }) {
	return /* @__PURE__ */ U(S, { children: Ln(e, t, n).map((e, t) => e.kind === "text" ? e.text : e.kind === "match" ? /* @__PURE__ */ U("mark", { children: e.text }, t) : /* @__PURE__ */ U("span", {
		class: "untrusted-sign",
		title: Jn(e.code),
		children: e.text
	}, t)) });
}
function Jn(e) {
	let { names: t, other: n } = q.untrusted;
	return e in t ? t[e] : n;
}
function Yn({ text: e, pattern: t }) {
	let [n, r] = ke(null), i = n?.text === e ? n : {
		text: e,
		starts: [0],
		step: 0
	}, a = i.starts.at(-1) ?? 0, { length: o, lines: s } = Wn[i.step] ?? Wn[0], c = Bn(e, a, o, s), l = a === 0 && c === e.length && i.step === 0;
	return /* @__PURE__ */ U(S, { children: [/* @__PURE__ */ U("bdi", {
		class: "untrusted",
		children: [
			a > 0 && "…",
			/* @__PURE__ */ U(qn, {
				text: e.slice(a, c),
				pattern: t
			}),
			c < e.length && "…"
		]
	}), !l && /* @__PURE__ */ U(Xn, {
		part: i,
		start: a,
		end: c,
		onChange: r
	})] });
}
function Xn({ part: e, start: t, end: n, onChange: r }) {
	let { text: i, starts: a, step: o } = e, s = new Intl.NumberFormat(), c = n === i.length, l = o === Wn.length - 1;
	return /* @__PURE__ */ U("span", {
		class: "untrusted-steps",
		children: [
			/* @__PURE__ */ U("span", { children: q.untrusted.shown(s.format(t + 1), s.format(n), s.format(i.length)) }),
			!c && !l && /* @__PURE__ */ U("button", {
				type: "button",
				onClick: () => r({
					...e,
					step: o + 1
				}),
				children: q.untrusted.more
			}),
			!c && l && /* @__PURE__ */ U("button", {
				type: "button",
				onClick: () => r({
					...e,
					starts: [...a, n]
				}),
				children: q.untrusted.next
			}),
			t > 0 && /* @__PURE__ */ U("button", {
				type: "button",
				onClick: () => r({
					...e,
					starts: a.slice(0, -1)
				}),
				children: q.untrusted.previous
			}),
			o > 0 && /* @__PURE__ */ U("button", {
				type: "button",
				onClick: () => r({
					...e,
					starts: [0],
					step: 0
				}),
				children: q.untrusted.less
			})
		]
	});
}
// src/parts/time.tsx
function Zn({ value: e, form: t = "full" }) {
	let { preferences: n } = B(), { timeStyle: r, zone: i } = n.value, a = Date.parse(e);
	if (Number.isNaN(a)) return /* @__PURE__ */ U(Kn, { text: e });
	let o = Math.max(Nn.value, Date.now()), s = kn(a, o), c = On(a, i, "full", o), l = r === "relative";
	return /* @__PURE__ */ U("time", {
		dateTime: e,
		title: l || t !== "full" ? `${c} (${s})` : s,
		children: l ? s : On(a, i, t, o)
	});
}
// src/views/trail/list/text.tsx
var Qn = 160;
function $n({ value: e, isCode: t = !1 }) {
	if (!e) return /* @__PURE__ */ U("span", {
		class: "list-quiet",
		children: [/* @__PURE__ */ U("span", {
			"aria-hidden": "true",
			children: "–"
		}), /* @__PURE__ */ U("span", {
			class: "list-hidden",
			children: q.trail.noValue
		})]
	});
	let n = /* @__PURE__ */ U(Kn, { text: er(e) });
	return t ? /* @__PURE__ */ U("span", {
		class: "list-code",
		children: n
	}) : n;
}
function er(e) {
	return e.length <= Qn ? e : `${e.slice(0, Qn).replace(/[\uD800-\uDBFF]$/, "")}…`;
}
// src/views/trail/list/columns.tsx
var tr = {
	time: {
		width: 11.5,
		share: 0,
		render: (e, t) => ar(e.timestamp, t)
	},
	actor: {
		width: 8,
		share: 2,
		render: (e) => /* @__PURE__ */ U($n, { value: e.username || e.userId })
	},
	action: {
		width: 9,
		share: 2,
		render: (e) => /* @__PURE__ */ U($n, { value: e.action })
	},
	resource: {
		width: 10,
		share: 3,
		render: or
	},
	outcome: {
		width: 7,
		share: 0,
		render: (e) => /* @__PURE__ */ U(sr, { isGood: e.success })
	},
	ipAddress: {
		width: 8,
		share: 1,
		render: (e) => /* @__PURE__ */ U($n, {
			value: e.ipAddress,
			isCode: !0
		})
	},
	requestId: {
		width: 8,
		share: 1,
		render: (e) => /* @__PURE__ */ U($n, {
			value: e.requestId,
			isCode: !0
		})
	},
	sessionId: {
		width: 8,
		share: 1,
		render: (e) => /* @__PURE__ */ U($n, {
			value: e.sessionId,
			isCode: !0
		})
	},
	error: {
		width: 10,
		share: 2,
		render: (e) => /* @__PURE__ */ U($n, { value: e.errorMessage })
	},
	submitter: {
		width: 9,
		share: 2,
		render: (e) => /* @__PURE__ */ U($n, { value: e.submittedBy })
	},
	tenant: {
		width: 6,
		share: 1,
		render: (e) => /* @__PURE__ */ U($n, { value: e.tenantId })
	},
	received: {
		width: 11.5,
		share: 0,
		render: (e, t) => ar(e.receivedAt, t)
	}
}, nr = Object.keys(tr);
function rr(e) {
	let t = [...new Set(Array.isArray(e) ? e : [])].filter((e) => nr.some((t) => t === e));
	return t.length > 0 ? t : Ut.columns;
}
function ir(e) {
	let t = e.map((e) => tr[e]), n = t.map(({ width: e, share: t }) => t === 0 ? `${e}rem` : `minmax(${e}rem, ${t}fr)`), r = e.length + 1;
	return {
		tracks: n.join(" "),
		width: t.reduce((e, t) => e + t.width, r)
	};
}
function ar(e, t) {
	return /* @__PURE__ */ U(Zn, {
		value: e,
		form: t ? "short" : "second"
	});
}
function or({ resourceType: e, resourceId: t }) {
	return /* @__PURE__ */ U(S, { children: [
		/* @__PURE__ */ U("span", {
			class: "list-quiet",
			children: /* @__PURE__ */ U($n, { value: e })
		}),
		" ",
		/* @__PURE__ */ U($n, { value: t })
	] });
}
function sr({ isGood: e }) {
	return /* @__PURE__ */ U("span", {
		class: e ? "list-outcome" : "list-outcome list-outcome-bad",
		children: [
			/* @__PURE__ */ U("span", {
				"aria-hidden": "true",
				children: e ? "✓" : "✕"
			}),
			" ",
			/* @__PURE__ */ U("span", {
				class: "list-word",
				children: e ? q.trail.succeeded : q.trail.failed
			})
		]
	});
}
// src/views/trail/list/columns-menu.tsx
function cr(e, t, n) {
	let r = e.filter((e) => e !== t), i = Math.min(Math.max(e.indexOf(t) + n, 0), r.length);
	return [
		...r.slice(0, i),
		t,
		...r.slice(i)
	];
}
function lr() {
	let { preferences: e } = B(), t = z(null), n = z(null), r = Fe(), i = rr(e.value.columns), a = [...i, ...nr.filter((e) => !i.includes(e))], o = (t) => {
		e.value = {
			...e.value,
			columns: t
		};
	};
	return /* @__PURE__ */ U(S, { children: [/* @__PURE__ */ U("button", {
		ref: n,
		type: "button",
		class: "list-button",
		popovertarget: r,
		children: q.trail.chooseColumns
	}), /* @__PURE__ */ U("div", {
		ref: t,
		id: r,
		popover: "auto",
		role: "group",
		class: "list-menu",
		"aria-label": q.trail.chooseColumns,
		onBeforeToggle: () => ur(t.current, n.current),
		children: a.map((e) => /* @__PURE__ */ U(dr, {
			name: e,
			columns: i,
			choose: o
		}, e))
	})] });
}
function ur(e, t) {
	if (!e || !t) return;
	let { bottom: n, right: r } = t.getBoundingClientRect(), i = t.ownerDocument.documentElement.clientWidth;
	e.style.top = `${n + 4}px`, e.style.right = `${Math.max(8, i - r)}px`;
}
function dr({ name: e, columns: t, choose: n }) {
	let r = q.trail.columns[e], i = t.indexOf(e), a = i >= 0;
	return /* @__PURE__ */ U("div", {
		class: "list-choice",
		children: [/* @__PURE__ */ U("label", { children: [
			/* @__PURE__ */ U("input", {
				type: "checkbox",
				checked: a,
				disabled: a && t.length === 1,
				onChange: () => n(a ? t.filter((t) => t !== e) : [...t, e])
			}),
			" ",
			r
		] }), a && /* @__PURE__ */ U(S, { children: [/* @__PURE__ */ U("button", {
			type: "button",
			"aria-label": q.trail.moveUp(r),
			disabled: i === 0,
			onClick: () => n(cr(t, e, -1)),
			children: "↑"
		}), /* @__PURE__ */ U("button", {
			type: "button",
			"aria-label": q.trail.moveDown(r),
			disabled: i === t.length - 1,
			onClick: () => n(cr(t, e, 1)),
			children: "↓"
		})] })]
	});
}
// src/views/trail/list/keys-dialog.tsx
function fr({ open: e }) {
	return /* @__PURE__ */ U("button", {
		type: "button",
		class: "list-button",
		"aria-label": q.trail.keys.open,
		title: q.trail.keys.open,
		onClick: e,
		children: "?"
	});
}
function pr({ dialog: e }) {
	let { preferences: t } = B(), n = Fe(), { keys: r } = q.trail;
	return /* @__PURE__ */ U("dialog", {
		ref: e,
		class: "list-keys",
		"aria-labelledby": n,
		children: [
			/* @__PURE__ */ U("h2", {
				id: n,
				children: r.title
			}),
			/* @__PURE__ */ U("dl", { children: r.list.map(([e, t]) => /* @__PURE__ */ U("div", { children: [/* @__PURE__ */ U("dt", { children: /* @__PURE__ */ U("kbd", { children: e }) }), /* @__PURE__ */ U("dd", { children: t })] }, e)) }),
			/* @__PURE__ */ U("label", { children: [
				/* @__PURE__ */ U("input", {
					type: "checkbox",
					checked: t.value.hasLetterKeys,
					onChange: (e) => {
						t.value = {
							...t.value,
							hasLetterKeys: e.currentTarget.checked
						};
					}
				}),
				" ",
				r.enabled
			] }),
			/* @__PURE__ */ U("button", {
				type: "button",
				class: "button",
				onClick: () => e.current?.close(),
				children: r.close
			})
		]
	});
}
// src/views/trail/list/bar.tsx
function mr({ trail: e, isLive: t, live: n, range: r, onShowFresh: i, keys: a }) {
	return /* @__PURE__ */ U("div", {
		class: "list-bar",
		children: [
			/* @__PURE__ */ U(hr, { trail: e }),
			/* @__PURE__ */ U(gr, {
				trail: e,
				onShow: i
			}),
			/* @__PURE__ */ U("span", { class: "list-space" }),
			/* @__PURE__ */ U(vr, {
				isLive: t,
				live: n,
				range: r
			}),
			/* @__PURE__ */ U("button", {
				type: "button",
				class: "list-button",
				onClick: () => e.reload(),
				children: q.trail.reload
			}),
			/* @__PURE__ */ U(yr, {}),
			/* @__PURE__ */ U(lr, {}),
			/* @__PURE__ */ U(fr, { open: a.open })
		]
	});
}
function hr({ trail: e }) {
	let t = e.items.value.length, { kind: n } = e.status.value;
	if (t === 0 && n !== "ended") return /* @__PURE__ */ U("span", { class: "list-count" });
	let r = t === 1 ? q.trail.count.one : q.trail.count.other;
	return /* @__PURE__ */ U("span", {
		class: "list-count",
		children: [
			/* @__PURE__ */ U("b", { children: xn(t) }),
			" ",
			r,
			" ",
			n !== "ended" && q.trail.loadedSoFar
		]
	});
}
function gr({ trail: e, onShow: t }) {
	let n = e.fresh.value.size;
	return /* @__PURE__ */ U("span", {
		role: "status",
		children: n > 0 && /* @__PURE__ */ U("button", {
			type: "button",
			class: "list-button list-fresh",
			onClick: t,
			title: q.trail.showFresh,
			children: [
				/* @__PURE__ */ U("span", {
					"aria-hidden": "true",
					children: "↑"
				}),
				" ",
				xn(n),
				" ",
				q.trail.fresh
			]
		})
	});
}
function _r(e, t) {
	return e.kind !== "fixed" || Date.parse(e.end) > t;
}
function vr({ isLive: e, live: t, range: n }) {
	let r = _r(n, Date.now()), i = r ? q.trail.liveHint(_n) : q.trail.liveNotPossible;
	return /* @__PURE__ */ U("button", {
		type: "button",
		class: "list-button list-live",
		"aria-pressed": e.value && r,
		disabled: !r,
		"data-status": t,
		title: i,
		onClick: () => e.value = !e.value,
		children: [/* @__PURE__ */ U("span", {
			class: "list-dot",
			"aria-hidden": "true"
		}), t === "waiting" ? q.trail.liveWaiting : q.trail.live]
	});
}
function yr() {
	let { preferences: e } = B(), { timeStyle: t, zone: n } = e.value, r = z(null);
	function i() {
		let t = r.current?.value;
		e.value = t === "relative" ? {
			...e.value,
			timeStyle: "relative"
		} : {
			...e.value,
			timeStyle: "absolute",
			zone: t === "utc" ? "utc" : "local"
		};
	}
	return /* @__PURE__ */ U("select", {
		ref: r,
		class: "list-button",
		"aria-label": q.trail.times,
		value: t === "relative" ? "relative" : n,
		onChange: i,
		children: [
			/* @__PURE__ */ U("option", {
				value: "local",
				children: An("local")
			}),
			An("local") !== "UTC" && /* @__PURE__ */ U("option", {
				value: "utc",
				children: q.trail.timeStyles.utc
			}),
			/* @__PURE__ */ U("option", {
				value: "relative",
				children: q.trail.timeStyles.relative
			})
		]
	});
}
// src/views/trail/list/keys.ts
var br = {
	j: "next",
	k: "previous",
	"/": "filter",
	"?": "help"
}, xr = {
	ArrowDown: "next",
	ArrowUp: "previous",
	PageDown: "pageDown",
	PageUp: "pageUp",
	Home: "first",
	End: "last"
};
function Sr({ key: e, isModified: t, on: n, hasLetterKeys: r }) {
	return t || n === "field" ? null : e === "Escape" ? "close" : e === "Enter" ? n === "row" || n === "nothing" ? "open" : null : n === "row" && xr[e] ? xr[e] : r ? br[e] ?? null : null;
}
function Cr(e, t) {
	let n = e.ctrlKey || e.metaKey || e.altKey;
	return {
		key: e.key,
		isModified: n,
		on: wr(e.composedPath()[0]),
		hasLetterKeys: t
	};
}
function wr(e) {
	return e instanceof Element ? e.closest("input, textarea, select, [contenteditable]") ? "field" : e.matches("[role=row]") ? "row" : e.closest("a, button, summary, dialog, [tabindex='0']") ? "control" : "nothing" : "nothing";
}
// src/views/trail/list/commands.ts
function Tr(e, t, n) {
	let r = z({
		hasLetterKeys: t,
		run: n
	});
	r.current = {
		hasLetterKeys: t,
		run: n
	}, R(() => {
		let t = e.current?.getRootNode();
		if (!t) return;
		function n(e) {
			if (!(e instanceof KeyboardEvent) || e.defaultPrevented || e.isComposing) return;
			let n = Sr(Cr(e, r.current.hasLetterKeys));
			n === null || t?.querySelector("dialog[open], :popover-open") || r.current.run(n) && e.preventDefault();
		}
		return t.addEventListener("keydown", n), () => t.removeEventListener("keydown", n);
	}, []);
}
// node_modules/@tanstack/virtual-core/dist/esm/lazy-measurements.js
function Er(e) {
	return typeof e == "object" ? e.key : e;
}
function Dr(e, t) {
	let n = e.length;
	return new Proxy(e, { get(e, r, i) {
		if (typeof r == "string") {
			let i = r.charCodeAt(0);
			if (i >= 48 && i <= 57) {
				let i = +r;
				if (Number.isInteger(i) && i >= 0 && i < n) {
					let n = e[i];
					if (typeof n != "object") {
						let r = t[i * 2];
						n = e[i] = {
							index: i,
							key: n,
							start: r,
							size: t[i * 2 + 1],
							end: r + t[i * 2 + 1],
							lane: 0
						};
					}
					return n;
				}
			}
			if (r === "length") return n;
		}
		return Reflect.get(e, r, i);
	} });
}
// node_modules/@tanstack/virtual-core/dist/esm/utils.js
function Or(e, t, n) {
	let r = n.initialDeps ?? [], i, a = !0;
	function o() {
		let o = process.env.NODE_ENV !== "production" && !!n.key && !!n.debug?.call(n), s = 0;
		o && (s = Date.now());
		let c = e();
		if (!(c.length !== r.length || c.some((e, t) => r[t] !== e))) return i;
		r = c;
		let l = 0;
		if (o && (l = Date.now()), i = t(...c), o) {
			let e = Math.round((Date.now() - s) * 100) / 100, t = Math.round((Date.now() - l) * 100) / 100, r = t / 16, i = (e, t) => {
				for (e = String(e); e.length < t;) e = " " + e;
				return e;
			};
			console.info(`%c⏱ ${i(t, 5)} /${i(e, 5)} ms`, `
            font-size: .6rem;
            font-weight: bold;
            color: hsl(${Math.max(0, Math.min(120 - 120 * r, 120))}deg 100% 31%);`, n?.key);
		}
		return n?.onChange && !(a && n.skipInitialOnChange) && n.onChange(i), a = !1, i;
	}
	return o.updateDeps = (e) => {
		r = e;
	}, o;
}
function kr(e, t) {
	if (e === void 0) throw Error(`Unexpected undefined${t ? `: ${t}` : ""}`);
	return e;
}
var Ar = (e, t) => Math.abs(e - t) < 1.01, jr = (e, t, n) => {
	let r;
	return Object.assign(function(...i) {
		e.clearTimeout(r), r = e.setTimeout(() => t.apply(this, i), n);
	}, { cancel: () => {
		e.clearTimeout(r);
	} });
};
// node_modules/@tanstack/virtual-core/dist/esm/scroll-classifier.js
function Mr({ offset: e, isScrolling: t, elementMax: n, holdOffset: r, scrollOffset: i, pendingWrite: a, clampedMaxAtWrite: o }) {
	return t && a === null && e === i ? "spurious" : a !== null && Math.abs(e - a.target) < 1.5 ? "readBack" : a !== null && !a.smooth && n !== null && a.target > n + r + .5 && Math.abs(e - (n + r)) < 1.5 || a !== null && !a.smooth && a.lowMaxes?.some((t) => Math.abs(e - t) < 1.5) ? "clampedReadBack" : o !== null && Math.abs(e - o) < 1.5 ? "clampedEcho" : "external";
}
var Nr = (e) => e === "smooth" || e === "smoothFinishing";
function Pr({ kind: e, offset: t, command: n, target: r }) {
	return e !== "spurious" && e !== "readBack" && e !== "clampedReadBack" && n?.index != null && n.phase !== "queued" && !Nr(n.phase) && !Ar(t, n.lastTargetOffset) && !Ar(t, r()) && e !== "clampedEcho";
}
var Fr = 40;
function Ir(e) {
	let t = e[e.length - 1];
	if (t === void 0) return !1;
	let n = e.length - 2;
	for (; n >= 0 && t.t - e[n].t < Fr;) n--;
	if (n < 0) return !1;
	let r = e[n], i = n - 1;
	for (; i >= 0 && r.t - e[i].t < Fr;) i--;
	if (i < 0) return !1;
	let a = e[i], o = (t.offset - r.offset) / (t.t - r.t), s = (r.offset - a.offset) / (r.t - a.t);
	return o * s >= 0 && Math.abs(o) >= 2 * Math.abs(s) && Math.abs(o) - Math.abs(s) >= .8;
}
function Lr(e) {
	let t = e[e.length - 1];
	if (t === void 0) return !1;
	let n = e.length - 2;
	for (; n >= 0 && t.t - e[n].t < Fr;) n--;
	if (n < 0) return !1;
	let r = e[n];
	return Math.abs(t.offset - r.offset) / (t.t - r.t) >= .05;
}
// node_modules/@tanstack/virtual-core/dist/esm/ios-gesture.js
var Rr, zr = () => {
	if (Rr !== void 0) return Rr;
	if (typeof navigator > "u") return Rr = !1;
	if (/iP(hone|od|ad)/.test(navigator.userAgent)) return Rr = !0;
	let e = navigator.maxTouchPoints;
	return Rr = navigator.platform === "MacIntel" && e !== void 0 && e > 0;
}, Br, Vr = () => Br === void 0 ? Br = zr() && typeof CSS < "u" && typeof CSS.supports == "function" && CSS.supports("overflow-anchor: auto") : Br, Hr = () => !zr() || Vr(), Ur = {
	capture: !0,
	passive: !0
}, Wr = class {
	constructor(e) {
		this.host = e, this._touch = null, this.inMotion = () => this._touch !== null && this._touch.phase !== "lateFling", this.dragging = () => this._touch?.phase === "down" && this._touch.moved, this.tail = () => this._touch?.phase === "tail" ? this._touch.moved ? "fling" : "tap" : null, this.onScroll = ({ isScrolling: e, ownReadBack: t, moved: n, external: r }) => (e && this._touch?.phase === "tail" ? this._openTail(this._touch.moved || !t, !1) : this._touch?.phase === "lateFling" && (this.host.now() > this._touch.until ? this._touch = null : r && e && n && this._openTail(!0, !1)), !t && e && n && this._touch?.phase === "down" ? (this._touch.moved = !0, !0) : !1), this.touchStart = () => {
			this.end(), this._touch = {
				phase: "down",
				moved: !1
			};
		}, this.touchEnd = () => {
			let e = this._touch?.phase === "down" && this._touch.moved;
			this.end(), this._openTail(e, e);
		}, this.end = () => {
			let e = this.host.getWindow();
			this._touch?.phase === "tail" && e != null && e.clearTimeout(this._touch.timerId), this._touch = null;
		}, this.listen = (e) => {
			let t = () => this.touchStart(), n = () => this.touchEnd();
			return e.addEventListener("touchstart", t, Ur), e.addEventListener("touchend", n, Ur), e.addEventListener("touchcancel", n, Ur), () => {
				e.removeEventListener("touchstart", t, Ur), e.removeEventListener("touchend", n, Ur), e.removeEventListener("touchcancel", n, Ur), this.end();
			};
		}, this._openTail = (e, t) => {
			let n = this.host.getWindow();
			if (n == null) return;
			this.end();
			let r = {
				phase: "tail",
				moved: e,
				awaitingFling: t,
				timerId: n.setTimeout(() => {
					this.host.tailStillMoving() ? this._openTail(r.moved, r.awaitingFling) : (this._touch = r.awaitingFling ? {
						phase: "lateFling",
						until: this.host.now() + 1e3
					} : null, this.host.onTailClosed());
				}, 150)
			};
			this._touch = r;
		};
	}
	get touch() {
		return this._touch;
	}
}, Gr = (e) => {
	let { clientWidth: t, clientHeight: n } = e;
	return {
		width: t,
		height: n
	};
}, Kr = (e) => {
	let t = /* @__PURE__ */ new Set();
	return {
		schedule: (n) => {
			let r = e.requestAnimationFrame(() => {
				t.delete(r), n();
			});
			t.add(r);
		},
		cancel: () => {
			t.forEach((t) => e.cancelAnimationFrame(t)), t.clear();
		}
	};
}, qr = (e) => e, Jr = (e) => {
	let t = e.overscan * Math.max(e.lanes ?? 1, 1), n = Math.max(e.startIndex - t, 0), r = Math.min(e.endIndex + t, e.count - 1) - n + 1, i = Array(r);
	for (let e = 0; e < r; e++) i[e] = n + e;
	return i;
}, Yr = (e, t) => {
	let n = e.scrollElement;
	if (!n) return;
	let r = e.targetWindow;
	if (!r) return;
	let i = (e) => {
		let { width: n, height: r } = e;
		t({
			width: Math.round(n),
			height: Math.round(r)
		});
	};
	if (i(Gr(n)), !r.ResizeObserver) return () => {};
	let a = Kr(r), o = new r.ResizeObserver(() => {
		let t = () => {
			i(Gr(n));
		};
		e.options.useAnimationFrameWithResizeObserver ? a.schedule(t) : t();
	});
	return o.observe(n, { box: "content-box" }), () => {
		o.unobserve(n), a.cancel();
	};
}, Xr = { passive: !0 }, Zr = typeof window > "u" || "onscrollend" in window, Qr = (e, t, n) => {
	let r = e.scrollElement;
	if (!r) return;
	let i = e.targetWindow;
	if (!i) return;
	let a = e.options.useScrollendEvent && Zr, o = 0, s = a ? null : jr(i, () => t(n(r), !1), e.options.isScrollingResetDelay), c = (e) => () => {
		o = n(r), s?.(), t(o, e);
	}, l = c(!0), u = c(!1);
	return r.addEventListener("scroll", l, Xr), a && r.addEventListener("scrollend", u, Xr), () => {
		r.removeEventListener("scroll", l), a && r.removeEventListener("scrollend", u), s?.cancel();
	};
}, $r = (e, t) => Qr(e, t, (t) => {
	let { horizontal: n, isRtl: r } = e.options;
	return n ? t.scrollLeft * (r && -1 || 1) : t.scrollTop;
}), ei = (e, t, n) => {
	if (n.options.useCachedMeasurements) {
		let t = n.indexFromElement(e), r = n.options.getItemKey(t);
		return n.itemSizeCache.get(r) ?? n.options.estimateSize(t);
	}
	if (t?.borderBoxSize) {
		let e = t.borderBoxSize[0];
		if (e) return Math.round(e[n.options.horizontal ? "inlineSize" : "blockSize"]);
	}
	if (!t) {
		let t = n.indexFromElement(e), r = n.options.getItemKey(t), i = n.itemSizeCache.get(r);
		if (i !== void 0) return i;
	}
	return e[n.options.horizontal ? "offsetWidth" : "offsetHeight"];
}, ti = (e, { adjustments: t = 0, behavior: n }, r) => {
	var i;
	let { scrollElement: a, options: o } = r, s = e + t, c = o.horizontal && o.isRtl && a !== null && "ownerDocument" in a;
	(i = a?.scrollTo) == null || i.call(a, {
		[o.horizontal ? "left" : "top"]: c ? -s : s,
		behavior: n
	});
}, ni = (e, t) => e === "smooth" ? t ? "smoothLanded" : "smooth" : "instant", ri = (e) => e?.phase === "smooth" || e?.phase === "smoothLanded";
function ii(e, t, n, r) {
	if (t === 0) return !1;
	let i = r(0), a = /* @__PURE__ */ new Set(), o = 0;
	for (; o < e;) {
		let e = n(o);
		if (e === i) break;
		a.add(e), o++;
	}
	let s = e - o;
	if (s === 0 || s >= t) return !1;
	for (let e = 0; e < s; e++) if (r(e) !== n(o + e)) return !1;
	for (let e = s; e < t; e++) if (a.has(r(e))) return !1;
	return !0;
}
var ai = class {
	constructor(e) {
		this.unsubs = [], this.scrollElement = null, this.targetWindow = null, this.isScrolling = !1, this.scrollState = null, this.measurementsCache = [], this._singleLaneMeasurements = null, this.itemSizeCache = /* @__PURE__ */ new Map(), this.itemSizeCacheVersion = 0, this.laneAssignments = /* @__PURE__ */ new Map(), this.pendingMin = null, this.prevLanes = void 0, this.lanesChangedFlag = !1, this.lanesSettling = !1, this.pendingScrollAnchor = null, this.scrollRect = null, this.scrollOffset = null, this.scrollDirection = null, this._holdOffset = 0, this._reportedOverscroll = !1, this._iosGesture = new Wr({
			getWindow: () => this.targetWindow,
			now: () => this.now(),
			tailStillMoving: () => {
				let e = this.scrollState;
				if (e?.phase !== "queued" || this.pendingWrite !== null) return !1;
				let t = this._readElementOffset();
				return t === null || this._lastElementOffset === null || Math.abs(t - this._lastElementOffset) < 1 ? !1 : (this._lastElementOffset = t, e.samples = [...e.samples ?? [], {
					t: this.now(),
					offset: t
				}], !0);
			},
			onTailClosed: () => {
				let e = this.scrollState;
				e?.phase === "queued" && Lr(e.samples ?? []) && (this.scrollState = null), this._flushHoldIfReady(!0), this._writeAwaitingCommand(), this._retryClampedAdjustment();
			}
		}), this._lastElementOffset = null, this.pendingWrite = null, this._clampedAdjustment = null, this.elementsCache = /* @__PURE__ */ new Map(), this._resizeBatch = null, this.now = () => {
			var e;
			return ((e = this.targetWindow?.performance)?.now)?.call(e) ?? Date.now();
		}, this.observer = /* @__PURE__ */ (() => {
			let e = null, t = null, n = !1, r = !1, i = /* @__PURE__ */ new Set(), a = () => {
				if (e) return e;
				let r = this.targetWindow;
				if (!r || !r.ResizeObserver) return null;
				let i = t = Kr(r);
				return e = new r.ResizeObserver((e) => {
					let t = () => {
						let t = { sync: !1 };
						this._resizeBatch = t;
						try {
							e.forEach(o);
						} finally {
							this._resizeBatch = null, t.notify && (this.notify(t.sync), this._noteClampMax(), this._flushHoldIfReady(!0), this._retryClampedAdjustment(), this.measureElement(null));
						}
					};
					if (this.options.useAnimationFrameWithResizeObserver) i.schedule(t);
					else {
						n = !0;
						try {
							t();
						} finally {
							n = !1;
						}
					}
				});
			}, o = (e) => {
				let t = e.target, n = this.indexFromElement(t);
				if (t.isConnected) this.isIndexInRange(n) && this.shouldMeasureDuringScroll(n) && this.resizeItem(n, this.options.measureElement(t, e, this));
				else {
					this.observer.unobserve(t);
					for (let [e, n] of this.elementsCache) if (n === t) {
						this.elementsCache.delete(e);
						break;
					}
				}
			};
			return {
				disconnect: () => {
					var n;
					(n = a()) == null || n.disconnect(), t?.cancel(), i.clear(), r = !1, e = null, t = null;
				},
				observe: (o) => {
					let s = a();
					s && (n ? (i.add(o), r || (r = !0, t?.schedule(() => {
						r = !1, i.forEach((t) => {
							t.isConnected && e?.observe(t, { box: "border-box" });
						}), i.clear();
					}))) : s.observe(o, { box: "border-box" }));
				},
				unobserve: (e) => {
					var t;
					i.delete(e), (t = a()) == null || t.unobserve(e);
				}
			};
		})(), this.range = null, this.setOptions = (e) => {
			let t = {
				debug: !1,
				initialOffset: 0,
				overscan: 1,
				paddingStart: 0,
				paddingEnd: 0,
				scrollPaddingStart: 0,
				scrollPaddingEnd: 0,
				horizontal: !1,
				getItemKey: qr,
				rangeExtractor: Jr,
				onChange: () => {},
				measureElement: ei,
				initialRect: {
					width: 0,
					height: 0
				},
				scrollMargin: 0,
				gap: 0,
				indexAttribute: "data-index",
				initialMeasurementsCache: [],
				lanes: 1,
				anchorTo: "start",
				followOnAppend: !1,
				scrollEndThreshold: 1,
				isScrollingResetDelay: 150,
				enabled: !0,
				isRtl: !1,
				useScrollendEvent: !1,
				useAnimationFrameWithResizeObserver: !1,
				laneAssignmentMode: "estimate",
				useCachedMeasurements: !1
			};
			for (let n in e) {
				let r = e[n];
				r !== void 0 && (t[n] = r);
			}
			let n = this.options, r = null, i = null, a = !1;
			if (n !== void 0 && n.enabled && t.enabled && t.anchorTo === "end" && this.scrollElement !== null) {
				let e = n.count, o = t.count, s = this.getMeasurements(), c = this._singleLaneMeasurements?.items ?? s, l = (e) => Er(c[e]), u = e > 0 ? l(0) : null, d = e > 0 ? l(e - 1) : null;
				if (o !== e || e > 0 && o > 0 && (t.getItemKey(0) !== u || t.getItemKey(o - 1) !== d)) {
					a = !0;
					let c = e > 0 ? this.getVirtualItemForOffset(this.getScrollOffset()) ?? s[0] : null;
					c && (r = [c.key, this.getScrollOffset() - c.start]);
					let u = t.followOnAppend === !0 ? "auto" : t.followOnAppend || null;
					u && o > 0 && this.isAtEnd(n.scrollEndThreshold) && (e === 0 || t.getItemKey(o - 1) !== d) && (o > e || ii(e, o, l, t.getItemKey)) && (i = u);
				}
			}
			this.options = t, a && (this.pendingMin = 0, this.itemSizeCacheVersion++);
			let o = null;
			if (r && this.scrollOffset !== null && !this._awaitingCommandReadBack()) {
				let [e, t] = r, n = this.getMeasurements(), { count: a, getItemKey: s } = this.options, c = 0;
				for (; c < a && s(c) !== e;) c++;
				if (c < a) {
					let e = n[c];
					if (e) {
						let n = Math.max(0, e.start + t);
						!i && n !== this.scrollOffset && (o = n - this.scrollOffset, this.scrollOffset = n);
					}
				}
			}
			i ? this.pendingScrollAnchor = {
				kind: "follow",
				behavior: i
			} : o !== null && (this._canWriteScroll() ? this.pendingScrollAnchor = {
				kind: "anchor",
				delta: o
			} : (this._holdOffset += o, this._followOffsetTarget(o)));
		}, this.notify = (e) => {
			var t, n;
			(n = (t = this.options).onChange) == null || n.call(t, this, e);
		}, this.maybeNotify = Or(() => (this.calculateRange(), [
			this.isScrolling,
			this.range ? this.range.startIndex : null,
			this.range ? this.range.endIndex : null
		]), (e) => {
			this.notify(e);
		}, {
			key: process.env.NODE_ENV !== "production" && "maybeNotify",
			debug: () => this.options.debug,
			initialDeps: [
				this.isScrolling,
				this.range ? this.range.startIndex : null,
				this.range ? this.range.endIndex : null
			]
		}), this.cleanup = () => {
			var e;
			this.unsubs.filter(Boolean).forEach((e) => e()), this.unsubs = [], this.observer.disconnect(), this.rafId != null && this.targetWindow && (this.targetWindow.cancelAnimationFrame(this.rafId), this.rafId = null), this.scrollState = null, (e = this._momentumStop) == null || e.restore(), this._momentumStop = null, this.isScrolling = !1, this.scrollDirection = null, this._holdOffset = 0, this._reportedOverscroll = !1, this._clampedAdjustment = null, this.pendingWrite = null, this.scrollElement = null, this.targetWindow = null;
		}, this._didMount = () => () => {
			this.cleanup();
		}, this._willUpdate = () => {
			let e = this.options.enabled ? this.options.getScrollElement() : null;
			if (this.scrollElement !== e) {
				if (this.cleanup(), !e) {
					this.maybeNotify();
					return;
				}
				this.scrollElement = e, this.targetWindow = this.scrollElement && "ownerDocument" in this.scrollElement ? this.scrollElement.ownerDocument.defaultView : this.scrollElement?.window ?? null, this.elementsCache.forEach((e) => {
					this.observer.observe(e);
				}), this.unsubs.push(this.options.observeElementRect(this, (e) => {
					this.scrollRect = e, this.maybeNotify();
				})), this.unsubs.push(this.options.observeElementOffset(this, (e, t) => {
					let n = t ? this._elementMaxScrollOffset() : null, r = this._reportedOverscroll;
					this._reportedOverscroll = e < 0 || n !== null && e > n + 1;
					let i = e;
					this._lastElementOffset = i, e = this._toLayoutOffset(e);
					let a = this._classifyScrollEvent(e, t, n);
					if (a === "spurious") return;
					a === "readBack" ? e = this.pendingWrite.target : a === "clampedReadBack" && this.scrollState?.index != null && e < this.getMaxScrollOffset() - 1.5 ? this.scrollState.lastTargetOffset = e : Pr({
						kind: a,
						offset: e,
						command: this.scrollState,
						target: () => this.getScrollStateTarget(this.scrollState)
					}) && (this.scrollState = null), this.pendingWrite = null, this._clampedAdjustment !== null && Math.abs(e - this._clampedAdjustment.maxAtWrite) >= 1.5 && (this._clampedAdjustment = null);
					let o = this.getScrollOffset(), s = this.scrollDirection;
					this.scrollDirection = t ? o === e ? this.scrollDirection : o < e ? "forward" : "backward" : null, this.scrollOffset = e, this.isScrolling = t;
					let c = this.scrollState;
					if (c?.phase === "queued" && a === "external" && t) {
						if (r || this._reportedOverscroll) c.samples = [];
						else {
							let e = this.now();
							c.samples = [...(c.samples ?? []).filter((t) => e - t.t <= 200), {
								t: e,
								offset: i
							}], (s !== null && this.scrollDirection !== s || Ir(c.samples)) && (this.scrollState = null);
						}
					}
					this._iosGesture.onScroll({
						isScrolling: t,
						ownReadBack: a === "readBack",
						moved: e !== o,
						external: a === "external" && this.scrollState?.phase !== "smooth" && this.scrollState?.phase !== "smoothFinishing"
					}) && this.scrollState?.phase === "queued" && (this.scrollState = null), this._flushHoldIfReady(!0), this.scrollState && this.scheduleScrollReconcile(), this.maybeNotify();
				})), "addEventListener" in this.scrollElement && this.unsubs.push(this._iosGesture.listen(this.scrollElement)), this._scrollToOffset(this.getScrollOffset());
			}
			this._noteClampMax();
			let t = this.pendingScrollAnchor;
			this.pendingScrollAnchor = null, t && this.scrollElement && this.options.enabled && (t.kind === "anchor" ? this._canWriteScroll() ? ri(this.scrollState) && !Ar(this.getScrollOffset() - t.delta, this.scrollState.lastTargetOffset) || (this._followOffsetTarget(t.delta), this._scrollToOffset(this.getScrollOffset())) : (this._holdOffset += t.delta, this._followOffsetTarget(t.delta), this.notify(!1)) : this.scrollToEnd({ behavior: t.behavior })), this._flushHoldIfReady(!1), this._retryClampedAdjustment();
		}, this._classifyScrollEvent = (e, t, n) => Mr({
			offset: e,
			isScrolling: t,
			elementMax: n,
			holdOffset: this._holdOffset,
			scrollOffset: this.scrollOffset,
			pendingWrite: this.pendingWrite,
			clampedMaxAtWrite: this._clampedAdjustment?.maxAtWrite ?? null
		}), this._retryClampedAdjustment = () => {
			if (this._clampedAdjustment === null || !this.scrollElement || !this.options.enabled || !this._canWriteScroll()) return;
			let { target: e, maxAtWrite: t } = this._clampedAdjustment, n = this.getMaxScrollOffset();
			n > t + .5 && (this._clampedAdjustment = e > n + .5 ? {
				target: e,
				maxAtWrite: n
			} : null, this._scrollToOffset(e));
		}, this._writeAwaitingCommand = () => {
			let e = this.scrollState;
			if (e === null || e.phase !== "queued") return;
			let { behavior: t } = e;
			this.getMeasurements();
			let n = this.getScrollStateTarget(e);
			e.lastTargetOffset = n, this._clampedAdjustment = null, e.phase = ni(t, e.index != null && Ar(n, this.getScrollOffset())), this._scrollToOffset(n, { behavior: t }), this.scheduleScrollReconcile();
		}, this._readElementOffset = () => {
			let e = this.scrollElement;
			if (e == null) return null;
			let { horizontal: t, isRtl: n } = this.options;
			return typeof e.scrollTop == "number" ? t ? e.scrollLeft * (n && -1 || 1) : e.scrollTop : typeof e.scrollY == "number" ? t ? e.scrollX : e.scrollY : null;
		}, this._canWriteScroll = () => !(zr() && this._iosGesture.inMotion()) && !this._reportedOverscroll, this._flushHoldIfReady = (e) => {
			if (this._holdOffset === 0 || !this.scrollElement || !this.options.enabled || !this._canWriteScroll() || this.scrollState?.phase === "smooth") return;
			this._holdOffset = 0, this.scrollOffset !== null && this.scrollOffset < 0 && (this.scrollOffset = 0), this.notify(e);
			let t = this.getCommandWrittenOffset() ?? this.getScrollOffset();
			this._clampedAdjustment = this._clampedBy(t), this._scrollToOffset(t);
		}, this.rafId = null, this.getSize = () => this.options.enabled ? (this.scrollRect = this.scrollRect ?? this.options.initialRect, this.scrollRect[this.options.horizontal ? "width" : "height"]) : (this.scrollRect = null, 0), this.getScrollOffset = () => this.options.enabled ? (this.scrollOffset = this.scrollOffset ?? (typeof this.options.initialOffset == "function" ? this.options.initialOffset() : this.options.initialOffset), this.scrollOffset) : (this.scrollOffset = null, 0), this.getMeasurementOptions = Or(() => [
			this.options.count,
			this.options.paddingStart,
			this.options.scrollMargin,
			this.options.getItemKey,
			this.options.enabled,
			this.options.lanes,
			this.options.laneAssignmentMode,
			this.options.gap
		], (e, t, n, r, i, a, o, s) => (this.prevLanes !== void 0 && this.prevLanes !== a && (this.lanesChangedFlag = !0), this.prevLanes = a, this.pendingMin = null, {
			count: e,
			paddingStart: t,
			scrollMargin: n,
			getItemKey: r,
			enabled: i,
			lanes: a,
			laneAssignmentMode: o,
			gap: s
		}), { key: !1 }), this.isIndexInRange = (e) => e >= 0 && e < this.options.count, this.getMeasurements = Or(() => [this.getMeasurementOptions(), this.itemSizeCacheVersion], ({ count: e, paddingStart: t, scrollMargin: n, getItemKey: r, enabled: i, lanes: a, laneAssignmentMode: o, gap: s }, c) => {
			let l = this.itemSizeCache;
			if (!i) return this.measurementsCache = [], this._singleLaneMeasurements = null, this.itemSizeCache.clear(), this.laneAssignments.clear(), [];
			if (this.laneAssignments.size > e) for (let t of this.laneAssignments.keys()) t >= e && this.laneAssignments.delete(t);
			this.lanesChangedFlag && (this.lanesChangedFlag = !1, this.lanesSettling = !0, this.measurementsCache = [], this._singleLaneMeasurements = null, this.itemSizeCache.clear(), this.laneAssignments.clear(), this.pendingMin = null), this.measurementsCache.length === 0 && !this.lanesSettling && (this.measurementsCache = this.options.initialMeasurementsCache, this.measurementsCache.forEach((e) => {
				this.itemSizeCache.set(e.key, e.size);
			}));
			let u = this.lanesSettling ? 0 : this.pendingMin ?? 0;
			if (this.pendingMin = null, this.lanesSettling && this.measurementsCache.length === e && (this.lanesSettling = !1), a === 1) {
				let i = e * 2, a = this._singleLaneMeasurements?.flat;
				if (!a || a.length < i) {
					let e = new Float64Array(i);
					a && u > 0 && e.set(a.subarray(0, u * 2)), a = e;
				}
				let o = u === 0 ? Array(e) : this._singleLaneMeasurements.items.slice(), c;
				if (u === 0) c = t + n;
				else {
					let e = u - 1;
					c = a[e * 2] + a[e * 2 + 1] + s;
				}
				for (let t = u; t < e; t++) {
					let e = r(t);
					o[t] = e;
					let n = l.get(e), i = typeof n == "number" ? n : this.options.estimateSize(t);
					a[t * 2] = c, a[t * 2 + 1] = i, c += i + s;
				}
				this._singleLaneMeasurements = {
					flat: a,
					items: o
				};
				let d = Dr(o, a);
				return this.measurementsCache = d, d;
			}
			let d = this.measurementsCache.slice(0, u), f = Array(a).fill(void 0), p = new Float64Array(a), m = 0;
			for (let e = 0; e < u; e++) {
				let t = d[e];
				t && (f[t.lane] === void 0 && m++, f[t.lane] = e, p[t.lane] = t.end);
			}
			for (let i = u; i < e; i++) {
				let e = r(i), c = this.laneAssignments.get(i), u, h, g = o === "estimate" || l.has(e);
				if (c !== void 0 && this.options.lanes > 1) {
					u = c;
					let e = f[u], r = e === void 0 ? void 0 : d[e];
					h = r ? r.end + s : t + n;
				} else if (m === a) {
					let e = 0, t = p[0], n = f[0];
					for (let r = 1; r < a; r++) {
						let i = p[r];
						(i < t || i === t && f[r] < n) && (e = r, t = i, n = f[r]);
					}
					u = e, h = t + s, g && this.laneAssignments.set(i, u);
				} else u = i % this.options.lanes, h = t + n, g && this.laneAssignments.set(i, u);
				let _ = l.get(e), v = typeof _ == "number" ? _ : this.options.estimateSize(i), y = h + v;
				d[i] = {
					index: i,
					start: h,
					size: v,
					end: y,
					key: e,
					lane: u
				}, f[u] === void 0 && m++, f[u] = i, p[u] = y;
			}
			return this.measurementsCache = d, d;
		}, {
			key: process.env.NODE_ENV !== "production" && "getMeasurements",
			debug: () => this.options.debug
		}), this.calculateRange = Or(() => [
			this.getMeasurements(),
			this.getSize(),
			this.getScrollOffset(),
			this.options.lanes,
			this._getLayoutTotalSize() + this.options.scrollMargin
		], (e, t, n, r, i) => {
			if (e.length === 0 || t === 0) return this.range = null, null;
			let a = Math.max(i - t, 0);
			return this.range = ci(e, t, Math.min(n, a), r, r === 1 && this._singleLaneMeasurements !== null ? this._singleLaneMeasurements.flat : null), this.range;
		}, {
			key: process.env.NODE_ENV !== "production" && "calculateRange",
			debug: () => this.options.debug
		}), this.getVirtualIndexes = Or(() => {
			let e = null, t = null, n = this.calculateRange();
			return n && (e = n.startIndex, t = n.endIndex), this.maybeNotify.updateDeps([
				this.isScrolling,
				e,
				t
			]), [
				this.options.rangeExtractor,
				this.options.overscan,
				this.options.count,
				e,
				t,
				this.options.lanes
			];
		}, (e, t, n, r, i, a) => r === null || i === null ? [] : e({
			startIndex: r,
			endIndex: i,
			overscan: t,
			count: n,
			lanes: a
		}), {
			key: process.env.NODE_ENV !== "production" && "getVirtualIndexes",
			debug: () => this.options.debug
		}), this.indexFromElement = (e) => {
			let t = this.options.indexAttribute, n = e.getAttribute(t);
			return n ? parseInt(n, 10) : (console.warn(`Missing attribute name '${t}={index}' on measured element.`), -1);
		}, this.shouldMeasureDuringScroll = (e) => {
			if (!ri(this.scrollState)) return !0;
			let t = this.scrollState.index ?? this.getVirtualItemForOffset(this.scrollState.lastTargetOffset)?.index;
			if (t !== void 0 && this.range) {
				let n = Math.max(this.options.overscan, Math.ceil((this.range.endIndex - this.range.startIndex) / 2)), r = Math.max(0, t - n), i = Math.min(this.options.count - 1, t + n);
				return e >= r && e <= i;
			}
			return !0;
		}, this.measureElement = (e) => {
			if (!e) {
				this.elementsCache.forEach((e, t) => {
					e.isConnected || (this.observer.unobserve(e), this.elementsCache.delete(t));
				});
				return;
			}
			let t = this.indexFromElement(e);
			if (!this.isIndexInRange(t)) return;
			let n = this.options.getItemKey(t), r = this.elementsCache.get(n);
			r !== e && (r && this.observer.unobserve(r), this.observer.observe(e), this.elementsCache.set(n, e)), e.isConnected && (!this.isScrolling || this.scrollState) && this.shouldMeasureDuringScroll(t) && this.resizeItem(t, this.options.measureElement(e, void 0, this));
		}, this.resizeItem = (e, t) => {
			var n;
			if (!this.isIndexInRange(e)) return;
			this._resizeBatch?.sync && this.getMeasurements();
			let r, i, a, o = this._singleLaneMeasurements?.flat;
			if (this.options.lanes === 1 && o != null) a = this.options.getItemKey(e), i = o[e * 2], r = o[e * 2 + 1];
			else {
				let t = this.measurementsCache[e];
				if (!t) return;
				a = t.key, i = t.start, r = t.size;
			}
			let s = this.itemSizeCache.get(a) ?? r, c = t - s;
			if (c !== 0) {
				let o = this.options.anchorTo === "end" && !ri(this.scrollState) && this.getVirtualDistanceFromEnd() <= this.options.scrollEndThreshold, l = o ? this._getLayoutTotalSize() : 0, u = this.getScrollOffset(), d = this.itemSizeCache.has(a) ? i + s <= u && this.scrollDirection !== "backward" : i < u, f = !ri(this.scrollState) && (this.shouldAdjustScrollPositionOnItemSizeChange === void 0 ? d : this.shouldAdjustScrollPositionOnItemSizeChange(this.measurementsCache[e] ?? {
					index: e,
					key: a,
					start: i,
					size: r,
					end: i + r,
					lane: 0
				}, c, this));
				(this.pendingMin === null || e < this.pendingMin) && (this.pendingMin = e), this.itemSizeCache.set(a, t), this.itemSizeCacheVersion++;
				let p = !1;
				if (this._awaitingCommandReadBack() || (o ? p = this.applyScrollAdjustment(this._getLayoutTotalSize() - l) : f && (p = this.applyScrollAdjustment(c))), this._resizeBatch) {
					this._resizeBatch.notify = !0, (n = this._resizeBatch).sync || (n.sync = p);
					return;
				}
				this.notify(p), this._noteClampMax(), this._flushHoldIfReady(!0), this._retryClampedAdjustment();
			}
		}, this.getVirtualItems = Or(() => [
			this.getVirtualIndexes(),
			this.getMeasurements(),
			this._holdOffset
		], (e, t, n) => {
			let r = [];
			for (let i = 0, a = e.length; i < a; i++) {
				let a = t[e[i]];
				r.push(n === 0 ? a : {
					...a,
					start: a.start - n,
					end: a.end - n
				});
			}
			return r;
		}, {
			key: process.env.NODE_ENV !== "production" && "getVirtualItems",
			debug: () => this.options.debug
		}), this.getVirtualItemForOffset = (e) => {
			let t = this.getMeasurements();
			if (t.length === 0) return;
			let n = this._singleLaneMeasurements?.flat, r = this.options.lanes === 1 && n != null;
			return kr(t[oi(0, t.length - 1, r ? (e) => n[e * 2] : (e) => kr(t[e]).start, e)]);
		}, this._noteClampMax = () => {
			if (!this._awaitingCommandReadBack()) return;
			let e = this._elementMaxScrollOffset();
			if (e === null) return;
			let t = this.pendingWrite, n = Math.max(e, 0) + this._holdOffset;
			if (n >= t.target) return;
			let r = t.lowMaxes ??= [];
			r[r.length - 1] !== n && r.push(n);
		}, this.getMaxScrollOffset = () => (this._elementMaxScrollOffset() ?? 0) + this._holdOffset, this._toLayoutOffset = (e) => {
			let t = e + this._holdOffset;
			return this.pendingScrollAnchor?.kind === "anchor" && (t += this.pendingScrollAnchor.delta), t;
		}, this._elementMaxScrollOffset = () => {
			let e = this.scrollElement;
			if (e === null) return null;
			if ("scrollHeight" in e) return this.options.horizontal ? e.scrollWidth - e.clientWidth : e.scrollHeight - e.clientHeight;
			if ("document" in e) {
				let t = e.document.documentElement;
				return this.options.horizontal ? t.scrollWidth - e.innerWidth : t.scrollHeight - e.innerHeight;
			}
			return null;
		}, this._momentumStop = null, this._stopMomentum = (e) => {
			let t = this.scrollElement, n = this.targetWindow;
			if (t === null || n === null) return;
			let r = "document" in t ? t.document.scrollingElement : t;
			if (!r?.style) return;
			if (this._momentumStop) {
				this._momentumStop.done = e;
				return;
			}
			let { style: i } = r, a = this.options.horizontal ? "overflow-x" : "overflow-y", o = i.getPropertyValue(a), s = i.getPropertyPriority(a), c = () => this.options.horizontal ? r.clientHeight : r.clientWidth, l = c();
			if (i.setProperty(a, "hidden", "important"), c() !== l) {
				i.setProperty(a, o, s);
				return;
			}
			let u = {
				restore: () => i.getPropertyValue(a) !== "hidden" || i.getPropertyPriority(a) !== "important" ? !1 : (i.setProperty(a, o, s), !0),
				done: e
			};
			this._momentumStop = u, n.requestAnimationFrame(() => n.requestAnimationFrame(() => {
				this._momentumStop === u && (this._momentumStop = null, u.restore() && u.done());
			}));
		}, this._clampedBy = (e) => {
			let t = this._elementMaxScrollOffset();
			if (t === null) return null;
			let n = t + this._holdOffset;
			return e > n + .5 ? {
				target: e,
				maxAtWrite: n
			} : null;
		}, this.getVirtualDistanceFromEnd = () => Math.max(this._getLayoutTotalSize() + this.options.scrollMargin - this.getSize() - this.getScrollOffset(), 0), this.getDistanceFromEnd = () => Math.max(this.getMaxScrollOffset() - this.getScrollOffset(), 0), this.isAtEnd = (e = this.options.scrollEndThreshold) => this.getDistanceFromEnd() <= e, this.getOffsetForAlignment = (e, t, n = 0) => {
			if (!this.scrollElement) return 0;
			let r = this.getSize(), i = this.getScrollOffset();
			t === "auto" && (t = e >= i + r ? "end" : "start"), t === "center" ? e += (n - r) / 2 : t === "end" && (e -= r);
			let a = this.getMaxScrollOffset();
			return Math.max(Math.min(a, e), 0);
		}, this.getOffsetForIndex = (e, t = "auto") => {
			e = Math.max(0, Math.min(e, this.options.count - 1));
			let n = this.getSize(), r = this.getScrollOffset(), i = this.getMeasurements()[e];
			if (!i) return;
			if (t === "auto") {
				if (i.end >= r + n - this.options.scrollPaddingEnd) t = "end";
				else if (i.start <= r + this.options.scrollPaddingStart) t = "start";
				else return [r, t];
			}
			if (t === "end" && e === this.options.count - 1) {
				let e = this.getMaxScrollOffset(), n = e - this.options.paddingEnd + this.options.scrollPaddingEnd;
				return [Math.max(Math.min(n, e), 0), t];
			}
			let a = t === "end" ? i.end + this.options.scrollPaddingEnd : i.start - this.options.scrollPaddingStart;
			return [this.getOffsetForAlignment(a, t, i.size), t];
		}, this.scrollToOffset = (e, { align: t = "start", behavior: n = "auto" } = {}) => {
			this._startScroll({
				index: null,
				align: t
			}, this.getOffsetForAlignment(e, t), n, "absolute");
		}, this.scrollToIndex = (e, { align: t = "auto", behavior: n = "auto" } = {}) => {
			e = Math.max(0, Math.min(e, this.options.count - 1));
			let r = this.getOffsetForIndex(e, t);
			if (!r) return;
			let [i, a] = r;
			this._startScroll({
				index: e,
				align: a
			}, i, n, "absolute");
		}, this.scrollBy = (e, { behavior: t = "auto" } = {}) => {
			let n = this.getOffsetForAlignment((this.getCommandWrittenOffset() ?? this.getScrollOffset()) + e, "start");
			this._startScroll({
				index: null,
				align: "start"
			}, n, t, "relative");
		}, this.scrollToEnd = ({ behavior: e = "auto" } = {}) => {
			this.options.count > 0 ? this._startScroll({
				index: this.options.count - 1,
				align: "end",
				toEnd: !0
			}, Math.max(this.getMaxScrollOffset(), 0), e, "absolute") : this.scrollToOffset(Math.max(this.getTotalSize() - this.getSize(), 0), { behavior: e });
		}, this.cancelScroll = () => {
			this.rafId != null && this.targetWindow && (this.targetWindow.cancelAnimationFrame(this.rafId), this.rafId = null), this.scrollState = null;
		}, this.getTotalSize = () => Math.max(this._getLayoutTotalSize() - this._holdOffset, 0), this._getLayoutTotalSize = () => {
			let e = this.getMeasurements(), t;
			if (e.length === 0) t = this.options.paddingStart;
			else if (this.options.lanes === 1) {
				let n = e.length - 1, r = this._singleLaneMeasurements?.flat;
				t = r == null ? e[n]?.end ?? 0 : r[n * 2] + r[n * 2 + 1];
			} else {
				let n = Array(this.options.lanes).fill(null), r = e.length - 1;
				for (; r >= 0 && n.some((e) => e === null);) {
					let t = e[r];
					n[t.lane] === null && (n[t.lane] = t.end), r--;
				}
				t = Math.max(...n.filter((e) => e !== null));
			}
			return Math.max(t - this.options.scrollMargin + this.options.paddingEnd, 0);
		}, this.takeSnapshot = () => {
			let e = [];
			if (this.itemSizeCache.size === 0) return e;
			let t = this.getMeasurements();
			for (let n of t) n && this.itemSizeCache.has(n.key) && e.push({
				index: n.index,
				key: n.key,
				start: n.start,
				size: n.size,
				end: n.end,
				lane: n.lane
			});
			return e;
		}, this._scrollToOffset = (e, { adjustments: t, behavior: n } = {}) => {
			let r = {
				target: e + (t ?? 0),
				smooth: n === "smooth"
			};
			return this.pendingWrite = r, this.options.scrollToFn(e - this._holdOffset, {
				behavior: n,
				adjustments: t
			}, this), r;
		}, this.getCommandWrittenOffset = () => this.scrollState !== null && this.pendingWrite !== null && !this.pendingWrite.smooth ? this.pendingWrite.target : null, this._awaitingCommandReadBack = () => {
			let e = this.getCommandWrittenOffset();
			return !(zr() && this._iosGesture.dragging()) && e !== null && !Ar(e, this.getScrollOffset());
		}, this._followOffsetTarget = (e) => {
			this.scrollState !== null && this.scrollState.index == null && (this.scrollState.lastTargetOffset += e);
		}, this.measure = () => {
			this.pendingMin = null, this.itemSizeCache.clear(), this.laneAssignments.clear(), this.itemSizeCacheVersion++, this.notify(!1);
		}, this.setOptions(e);
	}
	get scrollAdjustments() {
		return 0;
	}
	applyScrollAdjustment(e, t) {
		if (e === 0) return !1;
		if (process.env.NODE_ENV !== "production" && this.options.debug && console.info("correction", e), this._followOffsetTarget(e), this._canWriteScroll()) {
			let n = this.getScrollOffset();
			this._clampedAdjustment = this._clampedBy(n + e);
			let r = this._scrollToOffset(n, {
				adjustments: e,
				behavior: t
			});
			return this.scrollOffset !== null && (this.pendingWrite === r && (this.scrollOffset += e), this.scrollOffset < 0 && (this.scrollOffset = 0)), !0;
		}
		return this._holdOffset += e, this.scrollOffset !== null && (this.scrollOffset += e), !0;
	}
	scheduleScrollReconcile() {
		this.targetWindow ? this.rafId ??= this.targetWindow.requestAnimationFrame(() => {
			this.rafId = null, this.reconcileScroll();
		}) : this.scrollState = null;
	}
	getScrollStateTarget(e) {
		let t = e.toEnd ? [Math.max(this.getMaxScrollOffset(), 0)] : e.index == null ? void 0 : this.getOffsetForIndex(e.index, e.align);
		return t ? t[0] : e.lastTargetOffset;
	}
	reconcileScroll() {
		if (!this.scrollState || !this.scrollElement) return;
		if (this.now() - this.scrollState.startedAt > 5e3) {
			this.scrollState = null;
			return;
		}
		if (this.scrollState.phase === "queued") {
			this.scheduleScrollReconcile();
			return;
		}
		this.getMeasurements();
		let e = this.getScrollStateTarget(this.scrollState), t = this.scrollState.index == null ? 1 : this.options.useAnimationFrameWithResizeObserver ? 3 : 2, n = e !== this.scrollState.lastTargetOffset;
		if (!n && Ar(e, this.getScrollOffset())) {
			if (this.scrollState.phase === "smooth" ? this.scrollState.phase = "smoothLanded" : this.scrollState.phase === "smoothFinishing" && (this.scrollState.phase = "instant"), this.scrollState.stableFrames++, this.scrollState.stableFrames >= t) {
				this.getScrollOffset() !== e && this._scrollToOffset(e, { behavior: "auto" }), this.scrollState = null;
				return;
			}
		} else if (this.scrollState.stableFrames = 0, n) {
			let t = this.getSize() || 600, n = Math.abs(e - this.getScrollOffset()), r = ri(this.scrollState) && n > t;
			this.scrollState.lastTargetOffset = e, r ? this.scrollState.phase = "smooth" : this.scrollState.phase === "smooth" ? this.scrollState.phase = "smoothFinishing" : this.scrollState.phase === "smoothLanded" && (this.scrollState.phase = "instant"), this._scrollToOffset(e, { behavior: r ? "smooth" : "auto" });
		}
		this.scheduleScrollReconcile();
	}
	_startScroll(e, t, n, r) {
		this.pendingScrollAnchor = null, this._clampedAdjustment = null;
		let i = this._iosGesture.tail();
		if (r === "absolute" && i !== null) {
			if (i === "fling" && Hr()) {
				this._stopMomentum(() => {
					this.scrollState?.phase !== "queued" || this._iosGesture.tail() !== "fling" || this._reportedOverscroll || (this._iosGesture.end(), this._flushHoldIfReady(!0), this._writeAwaitingCommand());
				}), this.scrollState = {
					...e,
					startedAt: this.now(),
					lastTargetOffset: t,
					stableFrames: 0,
					phase: "queued",
					behavior: n,
					samples: []
				}, this.scheduleScrollReconcile();
				return;
			}
			this._iosGesture.end();
		}
		this.scrollState = {
			...e,
			startedAt: this.now(),
			lastTargetOffset: t,
			stableFrames: 0,
			behavior: n,
			phase: ni(n, e.index != null && Ar(t, this.getScrollOffset()))
		}, this._scrollToOffset(t, { behavior: n }), this.scheduleScrollReconcile();
	}
}, oi = (e, t, n, r) => {
	for (; e <= t;) {
		let i = (e + t) / 2 | 0, a = n(i);
		if (a < r) e = i + 1;
		else if (a > r) t = i - 1;
		else return i;
	}
	return e > 0 ? e - 1 : 0;
};
function si(e, t, n) {
	let r = 0;
	for (; r <= t;) {
		let i = (r + t) / 2 | 0, a = e[i * 2];
		if (a < n) r = i + 1;
		else if (a > n) t = i - 1;
		else return i;
	}
	return r > 0 ? r - 1 : 0;
}
function ci(e, t, n, r, i) {
	let a = e.length - 1;
	if (e.length <= r) return {
		startIndex: 0,
		endIndex: a
	};
	if (r === 1 && i !== null) {
		let e = si(i, a, n), r = e, o = n + t;
		for (; r < a && i[r * 2] + i[r * 2 + 1] < o;) r++;
		return {
			startIndex: e,
			endIndex: r
		};
	}
	let o = oi(0, a, (t) => e[t].start, n), s = o;
	if (r === 1) for (; s < a && e[s].end < n + t;) s++;
	else if (r > 1) {
		let i = Array(r).fill(0);
		for (; s < a && i.some((e) => e < n + t);) {
			let t = e[s];
			i[t.lane] = t.end, s++;
		}
		let c = Array(r).fill(n + t);
		for (; o >= 0 && c.some((e) => e >= n);) {
			let t = e[o];
			c[t.lane] = t.start, o--;
		}
		o = Math.max(0, o - o % r), s = Math.min(a, s + (r - 1 - s % r));
	}
	return {
		startIndex: o,
		endIndex: s
	};
}
// src/views/trail/list/anchor.ts
function li(e, t, n, r) {
	let i = z(null);
	function a() {
		let r = e.current?.scrollTop ?? 0, a = Math.floor(r / n), o = t[a];
		i.current = o ? {
			id: o.id,
			index: a,
			offset: r - a * n
		} : null;
	}
	return je(() => {
		let o = e.current, s = i.current;
		if (o && s) {
			let e = nn(t, s.id), i = s.index === 0 && s.offset === 0;
			if (e >= 0 && !(i && r())) {
				let t = e * n + Math.min(s.offset, n - 1);
				t !== o.scrollTop && (o.scrollTop = t);
			}
		}
		a();
	}, [t, n]), { remember: a };
}
// src/parts/states.tsx
function ui() {
	return /* @__PURE__ */ U("div", {
		class: "state state-loading",
		role: "status",
		children: [/* @__PURE__ */ U("span", {
			class: "state-spinner",
			"aria-hidden": "true"
		}), q.loading]
	});
}
function di({ title: e, children: t }) {
	return /* @__PURE__ */ U("div", {
		class: "state",
		role: "status",
		children: [/* @__PURE__ */ U("p", {
			class: "state-title",
			children: e
		}), t]
	});
}
// src/parts/failure.tsx
var fi = 5, pi = 1e3;
function mi({ error: e, retry: t }) {
	let n = e instanceof fe ? e.kind : "failed", [r, i] = q.failures[n], a = e instanceof Error ? e.message : String(e), o = e instanceof fe ? hi(e) : null;
	return /* @__PURE__ */ U("div", {
		class: "state failure",
		"data-kind": n,
		children: [
			/* @__PURE__ */ U("div", {
				role: "alert",
				children: [/* @__PURE__ */ U("p", {
					class: "state-title",
					children: [/* @__PURE__ */ U("span", {
						class: "failure-sign",
						"aria-hidden": "true",
						children: "!"
					}), r]
				}), /* @__PURE__ */ U("p", { children: i })]
			}),
			/* @__PURE__ */ U(gi, { kind: n }),
			a && /* @__PURE__ */ U("p", {
				class: "failure-message",
				children: [
					/* @__PURE__ */ U("span", {
						class: "failure-label",
						children: q.serverSays
					}),
					" ",
					/* @__PURE__ */ U(Kn, { text: a })
				]
			}),
			/* @__PURE__ */ U(_i, {
				kind: n,
				wait: o,
				error: e,
				retry: t
			})
		]
	});
}
function hi(e) {
	return e.kind === "throttled" ? e.retryAfter ?? fi : e.kind === "unavailable" ? e.retryAfter : null;
}
function gi({ kind: e }) {
	let { auth: t, settings: n } = B();
	return /* @__PURE__ */ U("p", {
		class: "failure-advice",
		children: e === "signedOut" && !t && n.stack !== void 0 ? q.startAgain : q.failures[e][2]
	});
}
function _i({ kind: e, wait: t, error: n, retry: r }) {
	let { auth: i } = B();
	return vi(e === "offline" ? r : void 0), e === "signedOut" && i ? /* @__PURE__ */ U("button", {
		type: "button",
		class: "button",
		onClick: () => i.signIn(),
		children: q.signInAgain
	}) : r ? /* @__PURE__ */ U("div", {
		class: "failure-actions",
		children: [/* @__PURE__ */ U("button", {
			type: "button",
			class: "button",
			onClick: r,
			children: q.retry
		}), t !== null && /* @__PURE__ */ U(yi, {
			seconds: t,
			of: n,
			onEnd: r
		})]
	}) : null;
}
function vi(e) {
	R(() => {
		if (e) return window.addEventListener("online", e), () => window.removeEventListener("online", e);
	}, [e]);
}
function yi({ seconds: e, of: t, onEnd: n }) {
	let [r, i] = ke(e), a = z(n);
	return a.current = n, R(() => {
		let t = Date.now() + e * pi;
		i(e);
		let n = setInterval(() => {
			let e = Math.ceil((t - Date.now()) / pi);
			i(Math.max(0, e)), e > 0 || (clearInterval(n), a.current());
		}, pi / 4);
		return () => clearInterval(n);
	}, [e, t]), /* @__PURE__ */ U("span", {
		class: "failure-countdown",
		role: "timer",
		"aria-live": "off",
		children: q.retryIn(r)
	});
}
// src/views/trail/list/foot.tsx
function bi({ trail: e }) {
	let t = e.status.value, n = e.items.value.length === 0;
	switch (t.kind) {
		case "loading": return /* @__PURE__ */ U("div", {
			class: "list-foot",
			children: [!n && /* @__PURE__ */ U(ui, {}), /* @__PURE__ */ U(xi, { trail: e })]
		});
		case "ready": return /* @__PURE__ */ U("div", { class: "list-foot" });
		case "paused": return /* @__PURE__ */ U("div", {
			class: "list-foot",
			role: "status",
			children: [/* @__PURE__ */ U("p", { children: q.trail.paused }), /* @__PURE__ */ U("button", {
				type: "button",
				class: "button",
				onClick: () => e.loadMore(),
				children: q.trail.goOn
			})]
		});
		case "failed": return /* @__PURE__ */ U(mi, {
			error: t.error,
			retry: () => e.loadMore()
		});
		case "ended": return U(n ? Ci : Si, {});
	}
}
function xi({ trail: e }) {
	let t = e.partialPages.value;
	return t === 0 ? null : /* @__PURE__ */ U("p", {
		role: "status",
		children: q.trail.partial(t)
	});
}
function Si() {
	let { navigation: e } = B();
	return /* @__PURE__ */ U("p", {
		class: "list-foot list-end",
		children: e.place.value.range.kind === "all" ? q.trail.ended.all : q.trail.ended.range
	});
}
function Ci() {
	let { navigation: e } = B(), { filters: t, range: n } = e.place.value, r = Object.keys(t).length > 0, i = n.kind !== "all", { empty: a } = q.trail;
	return /* @__PURE__ */ U(di, {
		title: a.title,
		children: [/* @__PURE__ */ U("p", { children: r ? a.filtered : i ? a.bare : a.none }), /* @__PURE__ */ U("p", {
			class: "list-actions",
			children: [i && /* @__PURE__ */ U("button", {
				type: "button",
				class: "button",
				onClick: () => e.go({ range: { kind: "all" } }),
				children: a.widen
			}), r && /* @__PURE__ */ U("button", {
				type: "button",
				class: "button",
				onClick: () => e.go({ filters: {} }),
				children: a.unfilter
			})]
		})]
	});
}
// src/views/trail/list/head.tsx
var wi = ["time", "received"];
function Ti({ columns: e, row: t }) {
	let { preferences: n } = B(), { timeStyle: r, zone: i } = n.value;
	return /* @__PURE__ */ U("div", {
		role: "rowgroup",
		class: "list-head",
		ref: t,
		children: /* @__PURE__ */ U("div", {
			role: "row",
			class: "list-head-row",
			"aria-rowindex": 1,
			children: e.map((e, t) => /* @__PURE__ */ U("div", {
				role: "columnheader",
				class: `list-cell list-cell-${e}`,
				"aria-colindex": t + 1,
				children: [q.trail.columns[e], wi.includes(e) && r === "absolute" && /* @__PURE__ */ U("span", {
					class: "list-zone",
					children: An(i)
				})]
			}, e))
		})
	});
}
function Ei({ columns: e }) {
	return /* @__PURE__ */ U("div", {
		class: "list-skeleton",
		"aria-hidden": "true",
		children: Array.from({ length: 12 }, (t, n) => /* @__PURE__ */ U("div", {
			class: "list-row-bones",
			children: e.map((e) => /* @__PURE__ */ U("span", { class: "list-bone" }, e))
		}, n))
	});
}
// src/parts/memo.ts
function Di(e) {
	return class extends C {
		shouldComponentUpdate(e) {
			return [.../* @__PURE__ */ new Set([...Object.keys(e), ...Object.keys(this.props)])].some((t) => e[t] !== this.props[t]);
		}
		render() {
			return e(this.props);
		}
	};
}
// src/views/trail/list/row.tsx
var Oi = Di(function(e) {
	let { item: t, index: n, top: r, isOpen: i, isFresh: a, isCurrent: o, onOpen: s, onFocus: c } = e, l = "unreadable" in t, u = l ? "unreadable" : t.success ? "good" : "bad";
	return /* @__PURE__ */ U("div", {
		role: "row",
		class: "list-row",
		"data-id": t.id,
		"data-kind": u,
		"data-fresh": a || void 0,
		"aria-rowindex": n + 2,
		"aria-selected": i,
		tabIndex: o ? 0 : -1,
		style: { transform: `translateY(${r}px)` },
		onFocus: () => c(t.id),
		onClick: (e) => {
			!e.defaultPrevented && !ki(e.currentTarget) && s(t.id);
		},
		children: l ? /* @__PURE__ */ U(Mi, {
			item: t,
			count: e.columns.length
		}) : /* @__PURE__ */ U(ji, {
			...e,
			item: t
		})
	});
});
function ki(e) {
	let t = e.ownerDocument.getSelection();
	return t !== null && !t.isCollapsed && e.contains(t.anchorNode);
}
var Ai = [
	"outcome",
	"action",
	"time"
];
function ji({ item: e, columns: t, isCompact: n }) {
	let r = (r) => /* @__PURE__ */ U("div", {
		role: "gridcell",
		class: `list-cell list-cell-${r}`,
		"aria-colindex": t.indexOf(r) + 1,
		children: r === "action" ? /* @__PURE__ */ U(Ni, {
			id: e.id,
			children: tr.action.render(e, n)
		}) : tr[r].render(e, n)
	}, r);
	return n ? /* @__PURE__ */ U(S, { children: [/* @__PURE__ */ U("div", {
		role: "none",
		class: "list-line",
		children: Ai.filter((e) => t.includes(e)).map(r)
	}), /* @__PURE__ */ U("div", {
		role: "none",
		class: "list-line",
		children: t.filter((e) => !Ai.includes(e)).map(r)
	})] }) : /* @__PURE__ */ U(S, { children: t.map(r) });
}
function Mi({ item: e, count: t }) {
	let n = en(e.id);
	return /* @__PURE__ */ U("div", {
		role: "gridcell",
		class: "list-cell list-broken",
		"aria-colspan": t,
		"aria-colindex": 1,
		children: [
			!Number.isNaN(n) && /* @__PURE__ */ U(Zn, {
				value: new Date(n).toISOString(),
				form: "second"
			}),
			/* @__PURE__ */ U(Ni, {
				id: e.id,
				children: [
					/* @__PURE__ */ U("span", {
						"aria-hidden": "true",
						children: "!"
					}),
					" ",
					q.trail.unreadable,
					" ",
					/* @__PURE__ */ U($n, { value: e.unreadable })
				]
			}),
			/* @__PURE__ */ U("span", {
				class: "list-code list-quiet",
				children: /* @__PURE__ */ U($n, { value: e.id })
			})
		]
	});
}
function Ni({ id: e, children: t }) {
	return /* @__PURE__ */ U(Zt, {
		to: { eventId: e },
		class: "list-link",
		tabIndex: -1,
		children: t
	});
}
// src/views/trail/list/grid.tsx
function Pi(e) {
	let { trail: t, columns: n, isCompact: r, refs: i } = e, { kind: a } = t.status.value, o = t.items.value.length, { tracks: s, width: c } = ir(n), l = o === 0 && a === "loading";
	return /* @__PURE__ */ U("div", {
		class: r ? "list-scroller list-compact" : "list-scroller",
		ref: i.scroller,
		style: {
			"--list-tracks": s,
			"--list-width": r ? "0" : `${c}rem`
		},
		onScroll: e.onScroll,
		children: [
			/* @__PURE__ */ U("div", {
				class: "list-probe",
				ref: i.probe,
				"aria-hidden": "true"
			}),
			/* @__PURE__ */ U("div", {
				role: "grid",
				class: "list-grid",
				"aria-label": q.trail.label,
				"aria-rowcount": a === "ended" ? o + 1 : -1,
				"aria-colcount": n.length,
				"aria-busy": a === "loading",
				children: [/* @__PURE__ */ U(Ti, {
					columns: n,
					row: i.head
				}), o > 0 && /* @__PURE__ */ U(Fi, { ...e })]
			}),
			l && /* @__PURE__ */ U(Ii, { columns: n }),
			/* @__PURE__ */ U(bi, { trail: t })
		]
	});
}
function Fi(e) {
	let { trail: t, refs: n, rows: r, headHeight: i, current: a, eventId: o } = e, s = t.items.value, c = t.fresh.value;
	return /* @__PURE__ */ U("div", {
		role: "rowgroup",
		class: "list-body",
		ref: n.body,
		style: { height: `${e.height}px` },
		children: r.map(({ index: t, start: n }) => {
			let r = s[t];
			return r && /* @__PURE__ */ U(Oi, {
				item: r,
				index: t,
				top: n - i,
				columns: e.columns,
				isCompact: e.isCompact,
				isOpen: r.id === o,
				isFresh: c.has(r.id),
				isCurrent: t === a,
				onOpen: e.onOpen,
				onFocus: e.onFocus
			}, r.id);
		})
	});
}
function Ii({ columns: e }) {
	return /* @__PURE__ */ U(S, { children: [/* @__PURE__ */ U(Ei, { columns: e }), /* @__PURE__ */ U("div", {
		class: "list-hidden",
		children: /* @__PURE__ */ U(ui, {})
	})] });
}
// src/views/trail/list/rows-state.ts
function Li(e, t) {
	return t.map((t) => t === null ? -1 : nn(e, t)).find((e) => e >= 0) ?? 0;
}
function Ri(e, t, { count: n }) {
	return t >= n || e.includes(t) ? [...e] : [...e, t].sort((e, t) => e - t);
}
function zi(e, t) {
	switch (e) {
		case "next": return t.moveTo(t.current + 1);
		case "previous": return t.moveTo(t.current - 1);
		case "pageDown": return t.moveTo(t.current + t.page);
		case "pageUp": return t.moveTo(t.current - t.page);
		case "first": return t.moveTo(0);
		case "last": return t.moveTo(t.last);
		case "open": return t.open();
		default: return !1;
	}
}
function Bi(e) {
	let t = z(null);
	function n() {
		let n = Vi(e, t.current);
		n && (t.current = null, n.focus({ preventScroll: !0 }));
	}
	return je(n), (e) => {
		t.current = e, n();
	};
}
function Vi(e, t) {
	if (t !== null) return [...e.current?.children ?? []].find((e) => e.dataset.id === t);
}
function Hi(e, t, n, r) {
	R(() => {
		e !== null && n && r(e);
	}, [
		e,
		t,
		n
	]);
}
function Ui(e, t, n) {
	let r = z(null);
	R(() => {
		let i = r.current;
		if (r.current = t, i === null || t !== null) return;
		let a = e.current?.getRootNode()?.activeElement;
		a && a !== e.current?.ownerDocument.body || n(i);
	}, [t]);
}
// src/views/trail/list/sizes.ts
var Wi = 640, Gi = 900;
function Ki({ scroller: e, head: t, probe: n }, r) {
	let [i, a] = ke({
		rowHeight: 36,
		headHeight: 32,
		isCompact: !1
	});
	return je(() => {
		function i() {
			let i = e.current?.clientWidth ?? 0, o = Math.min(r * qi(e.current), Gi), s = {
				rowHeight: n.current?.offsetHeight || 36,
				headHeight: t.current?.offsetHeight ?? 0,
				isCompact: i > 0 && i < Math.max(Wi, o)
			};
			a((e) => JSON.stringify(e) === JSON.stringify(s) ? e : s);
		}
		let o = new ResizeObserver(i);
		for (let r of [
			e,
			t,
			n
		]) r.current && o.observe(r.current);
		return i(), () => o.disconnect();
	}, [r]), i;
}
function qi(e) {
	return e ? parseFloat(getComputedStyle(e.ownerDocument.documentElement).fontSize) : 16;
}
// src/views/trail/list/virtualizer.ts
function Ji(e) {
	let [, t] = Ae((e) => e + 1, 0), n = {
		...e,
		observeElementRect: Yr,
		observeElementOffset: $r,
		scrollToFn: ti,
		onChange: () => t(void 0)
	}, [r] = ke(() => new ai(n));
	return r.setOptions(n), je(() => r._didMount(), []), je(() => r._willUpdate()), r;
}
// src/views/trail/list/rows.tsx
var Yi = 40, Xi = 8;
function Zi({ trail: e, handle: t }) {
	let { navigation: n, preferences: r } = B(), { eventId: i } = n.place.value, a = e.items.value, o = r.value.columns, s = Ne(() => rr(o), [o]), c = z(null), l = z(null), u = z(null), d = z(null), [f, p] = ke(null), { rowHeight: m, headHeight: h, isCompact: g } = Ki({
		scroller: c,
		head: l,
		probe: u
	}, ir(s).width), _ = Li(a, [f, i]), v = Ji({
		count: a.length,
		getScrollElement: () => c.current,
		estimateSize: () => m,
		overscan: Xi,
		scrollMargin: h,
		scrollPaddingStart: h,
		rangeExtractor: (e) => Ri(Jr(e), _, e)
	});
	je(() => v.measure(), [m]);
	let y = () => d.current?.matches(":focus-within") ?? !1, { remember: b } = li(c, a, m, () => i === null && !y()), x = Bi(d);
	function S(e) {
		let t = Math.min(Math.max(e, 0), a.length - 1), n = a[t];
		return n ? (p(n.id), v.scrollToIndex(t, { align: "auto" }), x(n.id), !0) : !1;
	}
	function C() {
		let e = a[_];
		return e && n.go({ eventId: e.id }), e !== void 0;
	}
	Me(t, () => ({ run(e) {
		let t = ((c.current?.clientHeight ?? 0) - h) / m, n = f === null && i === null;
		return zi(e, {
			current: n ? -1 : _,
			last: a.length - 1,
			page: Math.max(1, Math.floor(t) - 1),
			moveTo: S,
			open: n ? () => !1 : C
		});
	} }));
	let w = Ne(() => (e) => {
		p(e), n.go({ eventId: e });
	}, [n]);
	Hi(i, m, a.length > 0, (e) => {
		let t = nn(a, e);
		t >= 0 && v.scrollToIndex(t, { align: "auto" });
	}), Ui(d, i, (e) => {
		let t = nn(a, e);
		t >= 0 && S(t);
	});
	let T = v.getVirtualItems();
	Qi(e, T, _);
	let E = () => {
		(c.current?.scrollTop ?? 0) < m && e.acknowledge();
	};
	return R(E, [e.fresh.value]), /* @__PURE__ */ U(Pi, {
		trail: e,
		columns: s,
		isCompact: g,
		refs: {
			scroller: c,
			head: l,
			probe: u,
			body: d
		},
		rows: T,
		height: v.getTotalSize(),
		headHeight: h,
		current: _,
		eventId: i,
		onOpen: w,
		onFocus: p,
		onScroll: () => {
			b(), E();
		}
	});
}
function Qi(e, t, n) {
	R(() => {
		(t.findLast((e) => e.index !== n)?.index ?? 0) >= e.items.peek().length - Yi && e.status.value.kind === "ready" && e.loadMore();
	});
}
// src/views/trail/list.tsx
function $i({ trail: e, isLive: t }) {
	let { navigation: n, preferences: r } = B(), i = z(null), a = z(null), o = z(null), s = ea(e, t), { range: c, eventId: l } = n.place.value;
	function u(e) {
		switch (e) {
			case "help": return a.current?.showModal(), !0;
			case "filter": return i.current && mn(i.current), !0;
			case "close": return l !== null && n.go({ eventId: null }), l !== null;
			default: return o.current?.run(e) ?? !1;
		}
	}
	return Tr(i, r.value.hasLetterKeys, u), /* @__PURE__ */ U("div", {
		class: "list",
		ref: i,
		children: [
			/* @__PURE__ */ U(mr, {
				trail: e,
				isLive: t,
				live: s.value,
				range: c,
				onShowFresh: () => o.current?.run("first"),
				keys: { open: () => a.current?.showModal() }
			}),
			/* @__PURE__ */ U(Zi, {
				trail: e,
				handle: o
			}),
			/* @__PURE__ */ U(pr, { dialog: a })
		]
	});
}
function ea(e, t) {
	let { navigation: n } = B(), r = Tt("off"), i = t.value && _r(n.place.value.range, Date.now());
	return R(() => {
		if (!i) return;
		let t = vn(e, document), n = t.status.subscribe((e) => r.value = e);
		return () => {
			t.stop(), n(), r.value = "off";
		};
	}, [e, i]), r;
}
// src/views/trail/toolbar/disclosure.tsx
var ta = 8;
function na(e) {
	let { label: t, title: n, buttonTitle: r, buttonClass: i, pressed: a, onRemove: o, children: s } = e, [c, l] = ke(!1), u = z(null), d = z(null), f = () => {
		l(!1), d.current?.focus();
	};
	return ia(u, c, () => l(!1)), aa(u, e.shortcut, () => l(!0)), /* @__PURE__ */ U("span", {
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
		}), c && /* @__PURE__ */ U(ra, {
			title: n,
			isFocused: !0,
			children: s(f)
		})]
	});
}
function ra({ title: e, isFocused: t, children: n }) {
	let r = z(null), [i, a] = ke(0);
	return je(() => {
		let e = r.current?.getBoundingClientRect(), t = r.current?.ownerDocument.documentElement.clientWidth ?? 0;
		e !== void 0 && a(Math.max(ta - e.left, Math.min(0, t - ta - e.right)));
	}, []), R(() => {
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
function ia(e, t, n) {
	R(() => {
		let r = e.current;
		if (!t || r === null) return;
		let i = r.getRootNode(), a = (e) => {
			e.target instanceof Node && !r.contains(e.target) && n();
		};
		return i.addEventListener("pointerdown", a), () => i.removeEventListener("pointerdown", a);
	}, [t]);
}
function aa(e, t, n) {
	R(() => {
		let r = e.current?.getRootNode();
		if (t === void 0 || r === void 0) return;
		let i = (e) => {
			e instanceof KeyboardEvent && e.key === t && !e.defaultPrevented && (e.ctrlKey || e.metaKey || e.altKey || oa(e.target) || (e.preventDefault(), n()));
		};
		return r.addEventListener("keydown", i), () => r.removeEventListener("keydown", i);
	}, [t]);
}
var oa = (e) => e instanceof HTMLElement && e.matches("input, select, textarea, [contenteditable]"), sa = /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}$/, ca = /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,126}\*$/, la = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])", ua = RegExp(`^${la}(?:\\.${la}){3}(?::[0-9]{0,5})?$`), da = 256, fa = 64;
function pa(e, t) {
	if (t === "") return "empty";
	switch (e) {
		case "action": return sa.test(t) || ca.test(t) ? null : "action";
		case "resourceType": return sa.test(t) ? null : "name";
		case "success": return t === "true" || t === "false" ? null : "outcome";
		case "ipAddress": return ma(t) ? null : "address";
		default: return [...t].length <= da ? null : "tooLong";
	}
}
function ma(e) {
	if (e.length > fa) return !1;
	let t = e.replace(/^ +| +$/g, "");
	if (ua.test(t)) return !0;
	let n = (/^\[([^\]]*)\](?::[0-9]{0,5})?$/.exec(t)?.[1] ?? t).replace(/%[\s\S]*$/, "");
	return ua.test(n) ? !n.includes(":") : /^[0-9A-Fa-f:.]+$/.test(n) && URL.canParse(`http://[${n}]/`);
}
function ha(e) {
	let t = [...Pt, "success"];
	return Object.keys(e).filter((e) => !t.includes(e));
}
function ga(e) {
	let { userId: t, action: n, resourceType: r, resourceId: i, success: a, ...o } = e, s = t !== void 0 || r !== void 0 && i !== void 0 || n !== void 0 && !n.endsWith("*") || a === "false", c = [
		n,
		r,
		i,
		...Object.values(o)
	];
	return !s && c.some((e) => e !== void 0);
}
// src/views/trail/toolbar/filter-form.tsx
function _a({ name: e, filters: t, suggestions: n, onApply: r, onCancel: i }) {
	let a = Tt(e ?? Nt.find((e) => !t[e]) ?? "userId"), o = Tt(t[a.value] ?? ""), s = Tt(!1), c = Fe(), l = s.value ? pa(a.value, o.value) : null;
	return /* @__PURE__ */ U("form", {
		class: "toolbar-form",
		onSubmit: (e) => {
			e.preventDefault(), s.value = !0, pa(a.value, o.value) === null && r(a.value, o.value);
		},
		noValidate: !0,
		children: [
			e === void 0 && /* @__PURE__ */ U(va, {
				id: `${c}-field`,
				name: a.value,
				onChange: (e) => {
					a.value = e, o.value = t[e] ?? (e === "success" ? "false" : ""), s.value = !1;
				}
			}),
			/* @__PURE__ */ U("label", {
				for: `${c}-value`,
				children: e ? q.filters.names[e] : q.filters.value
			}),
			/* @__PURE__ */ U(ya, {
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
				children: l ? `⚠ ${q.filters.problems[l]}` : q.filters.hints[a.value]
			}),
			/* @__PURE__ */ U("p", {
				class: "toolbar-form-buttons",
				children: [/* @__PURE__ */ U("button", {
					type: "submit",
					class: "toolbar-button-main",
					children: q.filters.apply
				}), /* @__PURE__ */ U("button", {
					type: "button",
					class: "toolbar-button",
					onClick: i,
					children: q.filters.cancel
				})]
			})
		]
	});
}
function va({ id: e, name: t, onChange: n }) {
	return /* @__PURE__ */ U(S, { children: [/* @__PURE__ */ U("label", {
		for: e,
		children: q.filters.field
	}), /* @__PURE__ */ U("select", {
		id: e,
		value: t,
		onChange: (e) => n(e.currentTarget.value),
		children: Nt.map((e) => /* @__PURE__ */ U("option", {
			value: e,
			children: q.filters.names[e]
		}, e))
	})] });
}
function ya({ id: e, name: t, value: n, options: r, describedBy: i, isInvalid: a, onChange: o }) {
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
			children: q.filters.outcomes[e]
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
function ba({ suggestions: e }) {
	let { navigation: t } = B(), { filters: n } = t.place.value, r = z(null), i = (r, i) => {
		e.use(r, i), t.go({ filters: {
			...n,
			[r]: i
		} });
	}, a = (e) => {
		let i = Object.entries(n).filter(([t]) => e(t));
		t.go({ filters: Object.fromEntries(i) }), r.current?.querySelector(".toolbar-chips-add")?.focus();
	}, o = Nt.filter((e) => n[e] !== void 0);
	return /* @__PURE__ */ U("div", {
		ref: r,
		class: "toolbar-chips",
		role: "group",
		"aria-label": q.filters.label,
		children: [
			o.map((t) => /* @__PURE__ */ U(xa, {
				name: t,
				filters: n,
				suggestions: e,
				onApply: i,
				onRemove: () => a((e) => e !== t)
			}, t)),
			/* @__PURE__ */ U(na, {
				title: q.filters.addTitle,
				buttonTitle: q.filters.addTitle,
				buttonClass: "toolbar-button toolbar-chips-add",
				shortcut: "/",
				label: /* @__PURE__ */ U(S, { children: [
					/* @__PURE__ */ U("span", {
						"aria-hidden": "true",
						children: "+"
					}),
					" ",
					q.filters.add
				] }),
				children: (t) => /* @__PURE__ */ U(_a, {
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
				children: q.filters.clear
			})
		]
	});
}
function xa({ name: e, filters: t, suggestions: n, onApply: r, onRemove: i }) {
	let a = t[e] ?? "", o = q.filters.names[e], s = pa(e, a);
	return /* @__PURE__ */ U("span", {
		class: s ? "toolbar-chip toolbar-chip-invalid" : "toolbar-chip",
		children: [/* @__PURE__ */ U(na, {
			title: q.filters.edit(o),
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
					children: /* @__PURE__ */ U(Kn, {
						text: Sa(e, a),
						line: !0
					})
				}),
				s && /* @__PURE__ */ U("span", {
					class: "toolbar-chip-problem",
					children: [" ⚠ ", q.filters.notValid]
				})
			] }),
			children: (i) => /* @__PURE__ */ U(_a, {
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
			"aria-label": q.filters.remove(o),
			onClick: i,
			children: /* @__PURE__ */ U("span", {
				"aria-hidden": "true",
				children: "×"
			})
		})]
	});
}
function Sa(e, t) {
	let n = q.filters.outcomes;
	return e === "success" ? n[t] ?? t : t;
}
// src/parts/copy.tsx
var Ca = 2e3;
function wa({ text: e, label: t }) {
	let [n, r] = ke("ready"), i = () => typeof e == "string" ? e : e();
	R(() => {
		if (n !== "copied") return;
		let e = setTimeout(() => r("ready"), Ca);
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
				children: n === "ready" ? "" : q.copy[n]
			}),
			n === "refused" && /* @__PURE__ */ U(Ta, {
				text: i(),
				label: t,
				onLeave: () => r("ready")
			})
		]
	});
}
function Ta({ text: e, label: t, onLeave: n }) {
	let r = z(null);
	return R(() => r.current?.select(), []), /* @__PURE__ */ U("textarea", {
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
var Ea = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u, Da = /^[A-Za-z0-9_@%+:,./-]+$/;
function Oa(e) {
	return Da.test(e) ? e : Ea.test(e) ? `$'${[...e].map((e) => e === "\\" || e === "'" ? `\\${e}` : Ea.test(e) ? `\\U${(e.codePointAt(0) ?? 0).toString(16).padStart(8, "0")}` : e).join("")}'` : `'${e.replaceAll("'", "'\\''")}'`;
}
function ka(e, t) {
	return `curl${t ? " -H \"Authorization: $TOKEN\"" : ""} ${Oa(e)}`;
}
var Aa = {
	userId: "--user",
	action: "--action",
	resourceType: "--resource-type",
	resourceId: "--resource-id",
	requestId: "--request-id",
	sessionId: "--session-id",
	ipAddress: "--ip-address"
};
function ja({ tenantId: e, filters: t, range: n, stack: r }) {
	let i = ["prooftrail", "query"], a = (e, t) => i.push(`${e}=${Oa(t)}`);
	e && a("--tenant", e);
	for (let [e, n] of Object.entries(Aa)) {
		let r = t[e];
		r !== void 0 && a(n, r);
	}
	return t.success !== void 0 && i.push(t.success === "true" ? "--success" : "--failure"), n.kind === "preset" && a("--since", `${Ft[n.preset]}h`), n.kind === "fixed" && (a("--since", n.start), a("--until", (/* @__PURE__ */ new Date(Date.parse(n.end) - 1)).toISOString())), i.push("--all"), r && a("--stack", r), i.join(" ");
}
// src/views/trail/toolbar/csv.ts
var Ma = [
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
], Na = "'", Pa = [
	"=",
	"+",
	"-",
	"@"
], Fa = /^[\p{C}\p{Z}]$/u;
function Ia(e) {
	return La(e) ? Na + e : e;
}
function La(e) {
	if (/^['\t\r\n]/.test(e)) return !0;
	for (let t of e) if (!Fa.test(t)) return [...t.normalize("NFKC")].some((e) => Pa.includes(e));
	return !1;
}
function Ra(e) {
	return e == null ? "" : `"${Ia(typeof e == "object" ? Ha(e) : String(e)).replaceAll("\"", "\"\"")}"`;
}
var za = (e) => `${e.map(Ra).join(",")}\r\n`, Ba = za(Ma);
function Va(e) {
	let t = e;
	return za(Ma.map((e) => e === "position" ? void 0 : t[e]));
}
function Ha(e) {
	return typeof e != "object" || !e ? JSON.stringify(e) : Array.isArray(e) ? `[${e.map(Ha).join(",")}]` : `{${Object.entries(e).sort(([e], [t]) => e < t ? -1 : 1).map(([e, t]) => `${JSON.stringify(e)}:${Ha(t)}`).join(",")}}`;
}
// src/views/trail/toolbar/export.ts
var Ua = 1e5, Wa = 1e6, Ga = 1e3, Ka = 6, qa = 2;
async function Ja(e) {
	try {
		let t = await Ya(e);
		return e.signal.throwIfAborted(), await e.sink.finish(), t;
	} catch (t) {
		throw await e.sink.discard().catch(() => void 0), t;
	}
}
async function Ya(e) {
	let { format: t, sink: n, onProgress: r } = e, i = t === "csv" ? Va : Xa;
	t === "csv" && await n.write(Ba);
	let a = {
		events: 0,
		unreadable: 0
	}, o;
	do {
		let t = Math.min(Ga, n.maxEvents - a.events), s = await Za(e, {
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
var Xa = (e) => `${JSON.stringify(e)}\n`;
async function Za({ api: e, signal: t }, n) {
	for (let r = 1;; r += 1) try {
		return await e.listEvents(n, t);
	} catch (e) {
		if (!(e instanceof fe && (e.kind === "throttled" || e.kind === "unavailable")) || r === Ka) throw e;
		await Qa((e.retryAfter ?? qa) * 1e3, t);
	}
}
async function Qa(e, t) {
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
function $a(e) {
	return e.kind === "all" ? q.range.longAll : e.kind === "preset" ? q.range.longPresets[e.preset] : eo(Date.parse(e.start), Date.parse(e.end));
}
function eo(e, t, n) {
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
function to(e, t) {
	return new Intl.DateTimeFormat(void 0, {
		weekday: "short",
		month: "short",
		day: "numeric",
		timeZone: "UTC"
	}).formatRange(e, t - 1);
}
function no() {
	let e = new Intl.DateTimeFormat(void 0, { timeZoneName: "shortOffset" }), t = e.formatToParts().find(({ type: e }) => e === "timeZoneName")?.value, n = e.resolvedOptions().timeZone;
	return t === void 0 || t === n ? n : `${n} (${t})`;
}
var ro = (e) => new Intl.NumberFormat().format(e);
// src/views/trail/toolbar/export-menu.tsx
function io({ exports: e }) {
	let { api: t, navigation: n, settings: r } = B(), { tenantId: i, filters: a, range: o } = n.place.value, s = () => zt(i, a, o, Date.now()), c = r.signIn !== void 0, l = () => ka(new URL(t.getAddress("", s()), window.location.href).href, c), u = e.state.value?.kind === "running", d = "showSaveFilePicker" in window;
	return /* @__PURE__ */ U(na, {
		title: q.exporting.title,
		buttonClass: "toolbar-button",
		label: /* @__PURE__ */ U(S, { children: [q.exporting.open, " ▾"] }),
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
					children: ["↓ ", q.exporting[n]]
				}, n)),
				/* @__PURE__ */ U("p", {
					class: "toolbar-form-hint",
					children: [
						d ? q.exporting.diskNote(ro(Wa)) : q.exporting.memoryNote(ro(Ua)),
						" ",
						q.exporting.csvNote
					]
				}),
				/* @__PURE__ */ U("hr", {}),
				/* @__PURE__ */ U(wa, {
					label: q.exporting.curl,
					text: l
				}),
				/* @__PURE__ */ U(wa, {
					label: q.exporting.command,
					text: () => ja({
						tenantId: i,
						filters: a,
						range: o,
						stack: r.stack
					})
				}),
				/* @__PURE__ */ U("p", {
					class: "toolbar-form-hint",
					children: c ? q.exporting.tokenNote : q.exporting.signNote
				})
			]
		})
	});
}
// src/views/trail/toolbar/sinks.ts
var ao = {
	csv: "text/csv",
	ndjson: "application/x-ndjson"
};
async function oo(e, t) {
	let n = window;
	if (n.showSaveFilePicker === void 0) return co(e, t);
	try {
		return so(await (await n.showSaveFilePicker({ suggestedName: e })).createWritable());
	} catch (n) {
		return n instanceof DOMException && n.name === "AbortError" ? null : co(e, t);
	}
}
function so(e) {
	return {
		maxEvents: Wa,
		write: (t) => e.write(t),
		finish: () => e.close(),
		discard: () => e.abort()
	};
}
function co(e, t) {
	let n = [];
	return {
		maxEvents: Ua,
		write: async (e) => {
			n.push(e);
		},
		finish: async () => {
			let r = URL.createObjectURL(new Blob(n, { type: ao[t] })), i = document.createElement("a");
			i.href = r, i.download = e, i.click(), setTimeout(() => URL.revokeObjectURL(r), 6e4);
		},
		discard: async () => {
			n = [];
		}
	};
}
// src/views/trail/toolbar/export-state.ts
function lo(e) {
	let t = H(null);
	async function n(n, r) {
		let i = await oo(`audit-events-${(/* @__PURE__ */ new Date()).toISOString().slice(0, 10)}.${r}`, r);
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
			let { signal: s } = a, c = await Ja({
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
function uo({ exports: e }) {
	let t = e.state.value;
	return /* @__PURE__ */ U("div", {
		class: "toolbar-export-status",
		role: "status",
		"data-kind": t?.kind,
		children: t && /* @__PURE__ */ U(S, { children: [/* @__PURE__ */ U("span", { children: fo(t) }), t.kind === "running" ? /* @__PURE__ */ U("button", {
			type: "button",
			class: "toolbar-button",
			onClick: t.cancel,
			children: q.exporting.cancel
		}) : /* @__PURE__ */ U("button", {
			type: "button",
			class: "toolbar-button",
			onClick: e.dismiss,
			children: q.exporting.close
		})] })
	});
}
function fo(e) {
	switch (e.kind) {
		case "running": return q.exporting.progress(ro(e.progress.events));
		case "cancelled": return q.exporting.cancelled;
		case "failed": return `⚠ ${q.exporting.failed} ${po(e.error)}`;
		case "done": {
			let { events: t, unreadable: n, isComplete: r } = e.result, i = r ? q.exporting.done : q.exporting.limited, a = n > 0 ? ` ${q.exporting.unreadable(ro(n))}` : "";
			return `${r ? "✓" : "⚠"} ${i(ro(t))}${a}`;
		}
	}
}
function po(e) {
	return e instanceof fe && e.kind !== "invalid" ? q.failures[e.kind].join(": ") : e instanceof Error ? e.message : String(e);
}
// node_modules/uplot/dist/uPlot.esm.js
var mo = !0, ho = "uplot", go = "u-hz", _o = "u-vt", vo = "u-title", yo = "u-wrap", bo = "u-under", xo = "u-over", So = "u-axis", Co = "u-off", wo = "u-select", To = "u-cursor-x", Eo = "u-cursor-y", Do = "u-cursor-pt", Oo = "u-legend", ko = "u-live", Ao = "u-inline", jo = "u-series", Mo = "u-marker", No = "u-label", Po = "u-value", Fo = "width", Io = "height", Lo = "top", Ro = "bottom", zo = "left", Bo = "right", Vo = "#000", Ho = "#0000", Uo = "mousemove", Wo = "mousedown", Go = "mouseup", Ko = "mouseenter", qo = "mouseleave", Jo = "dblclick", Yo = "resize", Xo = "scroll", Zo = "change", Qo = "dppxchange", $o = "--", es = typeof window < "u", ts = es ? document : null, ns = es ? window : null, rs = es ? navigator : null, J, is;
function as() {
	let e = devicePixelRatio;
	J != e && (J = e, is && ys(Zo, is, as), is = matchMedia(`(min-resolution: ${J - .001}dppx) and (max-resolution: ${J + .001}dppx)`), vs(Zo, is, as), ns.dispatchEvent(new CustomEvent(Qo)));
}
function os(e, t) {
	if (t != null) {
		let n = e.classList;
		!n.contains(t) && n.add(t);
	}
}
function ss(e, t) {
	let n = e.classList;
	n.contains(t) && n.remove(t);
}
function Y(e, t, n) {
	e.style[t] = n + "px";
}
function cs(e, t, n, r) {
	let i = ts.createElement(e);
	return t != null && os(i, t), n?.insertBefore(i, r), i;
}
function ls(e, t) {
	return cs("div", e, t);
}
var us = /* @__PURE__ */ new WeakMap();
function ds(e, t, n, r, i) {
	let a = "translate(" + t + "px," + n + "px)";
	a != us.get(e) && (e.style.transform = a, us.set(e, a), t < 0 || n < 0 || t > r || n > i ? os(e, Co) : ss(e, Co));
}
var fs = /* @__PURE__ */ new WeakMap();
function ps(e, t, n) {
	let r = t + n;
	r != fs.get(e) && (fs.set(e, r), e.style.background = t, e.style.borderColor = n);
}
var ms = /* @__PURE__ */ new WeakMap();
function hs(e, t, n, r) {
	let i = t + "" + n;
	i != ms.get(e) && (ms.set(e, i), e.style.height = n + "px", e.style.width = t + "px", e.style.marginLeft = r ? -t / 2 + "px" : 0, e.style.marginTop = r ? -n / 2 + "px" : 0);
}
var gs = { passive: !0 }, _s = {
	...gs,
	capture: !0
};
function vs(e, t, n, r) {
	t.addEventListener(e, n, r ? _s : gs);
}
function ys(e, t, n, r) {
	t.removeEventListener(e, n, gs);
}
es && as();
function bs(e, t, n, r) {
	let i;
	n ||= 0, r ||= t.length - 1;
	let a = r <= 2147483647;
	for (; r - n > 1;) i = a ? n + r >> 1 : Vs((n + r) / 2), t[i] < e ? n = i : r = i;
	return e - t[n] <= t[r] - e ? n : r;
}
function xs(e) {
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
var Ss = (e) => e != null, Cs = (e) => e != null && e > 0, ws = xs(Ss), Ts = xs(Cs);
function Es(e, t, n, r = 0, i = !1) {
	let a = i ? Ts : ws, o = i ? Cs : Ss;
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
	return [s ?? Qs, c ?? -Qs];
}
function Ds(e, t, n, r) {
	let i = qs(e), a = qs(t);
	e == t && (i == -1 ? (e *= n, t /= n) : (e /= n, t *= n));
	let o = n == 10 ? Js : Ys, s = i == 1 ? Vs : Us, c = a == 1 ? Us : Vs, l = s(o(Bs(e))), u = c(o(Bs(t))), d = Ks(n, l), f = Ks(n, u);
	return n == 10 && (l < 0 && (d = Q(d, -l)), u < 0 && (f = Q(f, -u))), r || n == 2 ? (e = d * i, t = f * a) : (e = fc(e, d), t = dc(t, f)), [e, t];
}
function Os(e, t, n, r) {
	let i = Ds(e, t, n, r);
	return e == 0 && (i[0] = 0), t == 0 && (i[1] = 0), i;
}
var ks = .1, As = {
	mode: 3,
	pad: ks
}, js = {
	pad: 0,
	soft: null,
	mode: 0
}, Ms = {
	min: js,
	max: js
};
function Ns(e, t, n, r) {
	return Cc(n) ? Fs(e, t, n) : (js.pad = n, js.soft = r ? 0 : null, js.mode = r ? 3 : 0, Fs(e, t, Ms));
}
function X(e, t) {
	return e ?? t;
}
function Ps(e, t, n) {
	for (t = X(t, 0), n = X(n, e.length - 1); t <= n;) {
		if (e[t] != null) return !0;
		t++;
	}
	return !1;
}
function Fs(e, t, n) {
	let r = n.min, i = n.max, a = X(r.pad, 0), o = X(i.pad, 0), s = X(r.hard, -Qs), c = X(i.hard, Qs), l = X(r.soft, Qs), u = X(i.soft, -Qs), d = X(r.mode, 0), f = X(i.mode, 0), p = t - e, m = Js(p), h = Gs(Bs(e), Bs(t)), g = Bs(Js(h) - m);
	(p < 1e-24 || g > 10) && (p = 0, (e == 0 || t == 0) && (p = 1e-24, d == 2 && l != Qs && (a = 0), f == 2 && u != -Qs && (o = 0)));
	let _ = p || h || 1e3, v = Ks(10, Vs(Js(_))), y = Q(fc(e - _ * (p == 0 ? e == 0 ? .1 : 1 : a), v / 10), 24), b = e >= l && (d == 1 || d == 3 && y <= l || d == 2 && y >= l) ? l : Qs, x = Gs(s, y < b && e >= b ? b : Ws(b, y)), S = Q(dc(t + _ * (p == 0 ? t == 0 ? .1 : 1 : o), v / 10), 24), C = t <= u && (f == 1 || f == 3 && S >= u || f == 2 && S <= u) ? u : -Qs, w = Ws(c, S > C && t <= C ? C : Gs(C, S));
	return x == w && x == 0 && (w = 100), [x, w];
}
var Is = new Intl.NumberFormat(es ? rs.language : "en-US"), Ls = (e) => Is.format(e), Rs = Math, zs = Rs.PI, Bs = Rs.abs, Vs = Rs.floor, Hs = Rs.round, Us = Rs.ceil, Ws = Rs.min, Gs = Rs.max, Ks = Rs.pow, qs = Rs.sign, Js = Rs.log10, Ys = Rs.log2, Xs = (e, t = 1) => Rs.sinh(e) * t, Zs = (e, t = 1) => Rs.asinh(e / t), Qs = Infinity;
function $s(e) {
	return (Js((e ^ e >> 31) - (e >> 31)) | 0) + 1;
}
function ec(e, t, n) {
	return Ws(Gs(e, t), n);
}
function tc(e) {
	return typeof e == "function";
}
function Z(e) {
	return tc(e) ? e : () => e;
}
var nc = () => {}, rc = (e) => e, ic = (e, t) => t, ac = (e) => null, oc = (e) => !0, sc = (e, t) => e == t, cc = /\.\d*?(?=9{6,}|0{6,})/gm, lc = (e) => {
	if (bc(e) || pc.has(e)) return e;
	let t = `${e}`, n = t.match(cc);
	if (n == null) return e;
	let r = n[0].length - 1;
	if (t.indexOf("e-") != -1) {
		let [e, n] = t.split("e");
		return +`${lc(e)}e${n}`;
	}
	return Q(e, r);
};
function uc(e, t) {
	return lc(Q(lc(e / t)) * t);
}
function dc(e, t) {
	return lc(Us(lc(e / t)) * t);
}
function fc(e, t) {
	return lc(Vs(lc(e / t)) * t);
}
function Q(e, t = 0) {
	if (bc(e)) return e;
	let n = 10 ** t;
	return Hs(e * n * (1 + 2 ** -52)) / n;
}
var pc = /* @__PURE__ */ new Map();
function mc(e) {
	return (("" + e).split(".")[1] || "").length;
}
function hc(e, t, n, r) {
	let i = [], a = r.map(mc);
	for (let o = t; o < n; o++) {
		let t = Bs(o), n = Q(Ks(e, o), t);
		for (let s = 0; s < r.length; s++) {
			let c = e == 10 ? +`${r[s]}e${o}` : r[s] * n, l = (o >= 0 ? 0 : t) + (o >= a[s] ? 0 : a[s]), u = e == 10 ? c : Q(c, l);
			i.push(u), pc.set(u, l);
		}
	}
	return i;
}
var gc = {}, _c = [], vc = [null, null], yc = Array.isArray, bc = Number.isInteger, xc = (e) => e === void 0;
function Sc(e) {
	return typeof e == "string";
}
function Cc(e) {
	let t = !1;
	if (e != null) {
		let n = e.constructor;
		t = n == null || n == Object;
	}
	return t;
}
function wc(e) {
	return typeof e == "object" && !!e;
}
var Tc = Object.getPrototypeOf(Uint8Array), Ec = "__proto__";
function Dc(e, t = Cc) {
	let n;
	if (yc(e)) {
		let r = e.find((e) => e != null);
		if (yc(r) || t(r)) {
			n = Array(e.length);
			for (let r = 0; r < e.length; r++) n[r] = Dc(e[r], t);
		} else n = e.slice();
	} else if (e instanceof Tc) n = e.slice();
	else if (t(e)) {
		n = {};
		for (let r in e) r != Ec && (n[r] = Dc(e[r], t));
	} else n = e;
	return n;
}
function Oc(e) {
	let t = arguments;
	for (let n = 1; n < t.length; n++) {
		let r = t[n];
		for (let t in r) t != Ec && (Cc(e[t]) ? Oc(e[t], Dc(r[t])) : e[t] = Dc(r[t]));
	}
	return e;
}
var kc = 0, Ac = 1, jc = 2;
function Mc(e, t, n) {
	for (let r = 0, i, a = -1; r < t.length; r++) {
		let o = t[r];
		if (o > a) {
			for (i = o - 1; i >= 0 && e[i] == null;) e[i--] = null;
			for (i = o + 1; i < n && e[i] == null;) e[a = i++] = null;
		}
	}
}
function Nc(e, t) {
	if (Ic(e)) {
		let t = e[0].slice();
		for (let n = 1; n < e.length; n++) t.push(...e[n].slice(1));
		return Lc(t[0]) || (t = Fc(t)), t;
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
			let c = o[e], l = Array(i).fill(void 0), u = t ? t[n][e] : Ac, d = [];
			for (let e = 0; e < c.length; e++) {
				let t = c[e], n = a.get(s[e]);
				t === null ? u != kc && (l[n] = t, u == jc && d.push(n)) : l[n] = t;
			}
			Mc(l, d, i), r.push(l);
		}
	}
	return r;
}
var Pc = typeof queueMicrotask > "u" ? (e) => Promise.resolve().then(e) : queueMicrotask;
function Fc(e) {
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
function Ic(e) {
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
function Lc(e, t = 100) {
	let n = e.length;
	if (n <= 1) return !0;
	let r = 0, i = n - 1;
	for (; r <= i && e[r] == null;) r++;
	for (; i >= r && e[i] == null;) i--;
	if (i <= r) return !0;
	let a = Gs(1, Vs((i - r + 1) / t));
	for (let t = e[r], n = r + a; n <= i; n += a) {
		let r = e[n];
		if (r != null) {
			if (r <= t) return !1;
			t = r;
		}
	}
	return !0;
}
var Rc = [
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
], zc = [
	"Sunday",
	"Monday",
	"Tuesday",
	"Wednesday",
	"Thursday",
	"Friday",
	"Saturday"
];
function Bc(e) {
	return e.slice(0, 3);
}
var Vc = zc.map(Bc), Hc = {
	MMMM: Rc,
	MMM: Rc.map(Bc),
	WWWW: zc,
	WWW: Vc
};
function Uc(e) {
	return (e < 10 ? "0" : "") + e;
}
function Wc(e) {
	return (e < 10 ? "00" : e < 100 ? "0" : "") + e;
}
var Gc = {
	YYYY: (e) => e.getFullYear(),
	YY: (e) => (e.getFullYear() + "").slice(2),
	MMMM: (e, t) => t.MMMM[e.getMonth()],
	MMM: (e, t) => t.MMM[e.getMonth()],
	MM: (e) => Uc(e.getMonth() + 1),
	M: (e) => e.getMonth() + 1,
	DD: (e) => Uc(e.getDate()),
	D: (e) => e.getDate(),
	WWWW: (e, t) => t.WWWW[e.getDay()],
	WWW: (e, t) => t.WWW[e.getDay()],
	HH: (e) => Uc(e.getHours()),
	H: (e) => e.getHours(),
	h: (e) => {
		let t = e.getHours();
		return t == 0 ? 12 : t > 12 ? t - 12 : t;
	},
	AA: (e) => e.getHours() >= 12 ? "PM" : "AM",
	aa: (e) => e.getHours() >= 12 ? "pm" : "am",
	a: (e) => e.getHours() >= 12 ? "p" : "a",
	mm: (e) => Uc(e.getMinutes()),
	m: (e) => e.getMinutes(),
	ss: (e) => Uc(e.getSeconds()),
	s: (e) => e.getSeconds(),
	fff: (e) => Wc(e.getMilliseconds())
};
function Kc(e, t) {
	t ||= Hc;
	let n = [], r = /\{([a-z]+)\}|[^{]+/gi, i;
	for (; i = r.exec(e);) n.push(i[0][0] == "{" ? Gc[i[1]] : i[0]);
	return (e) => {
		let r = "";
		for (let i = 0; i < n.length; i++) r += typeof n[i] == "string" ? n[i] : n[i](e, t);
		return r;
	};
}
var qc = new Intl.DateTimeFormat().resolvedOptions().timeZone;
function Jc(e, t) {
	let n;
	return t == "UTC" || t == "Etc/UTC" ? n = /* @__PURE__ */ new Date(+e + e.getTimezoneOffset() * 6e4) : t == qc ? n = e : (n = new Date(e.toLocaleString("en-US", { timeZone: t })), n.setMilliseconds(e.getMilliseconds())), n;
}
var Yc = (e) => e % 1 == 0, Xc = [
	1,
	2,
	2.5,
	5
], Zc = hc(10, -32, 0, Xc), Qc = hc(10, 0, 32, Xc), $c = Qc.filter(Yc), el = Zc.concat(Qc), tl = "\n", nl = "{YYYY}", rl = tl + nl, il = "{M}/{D}", al = tl + il, ol = al + "/{YY}", sl = "{aa}", cl = "{h}:{mm}" + sl, ll = tl + cl, ul = ":{ss}", $ = null;
function dl(e) {
	let t = e * 1e3, n = t * 60, r = n * 60, i = r * 24, a = i * 30, o = i * 365, s = (e == 1 ? hc(10, 0, 3, Xc).filter(Yc) : hc(10, -3, 0, Xc)).concat([
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
			nl,
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
			rl,
			$,
			$,
			$,
			$,
			$,
			1
		],
		[
			i,
			il,
			rl,
			$,
			$,
			$,
			$,
			$,
			1
		],
		[
			r,
			"{h}" + sl,
			ol,
			$,
			al,
			$,
			$,
			$,
			1
		],
		[
			n,
			cl,
			ol,
			$,
			al,
			$,
			$,
			$,
			1
		],
		[
			t,
			ul,
			ol + " " + cl,
			$,
			al + " " + cl,
			$,
			ll,
			$,
			1
		],
		[
			e,
			ul + ".{fff}",
			ol + " " + cl,
			$,
			al + " " + cl,
			$,
			ll,
			$,
			1
		]
	];
	function l(t) {
		return (s, c, l, u, d, f) => {
			let p = [], m = d >= o, h = d >= a && d < o, g = t(l), _ = Q(g * e, 3), v = xl(g.getFullYear(), m ? 0 : g.getMonth(), h || m ? 1 : g.getDate()), y = Q(v * e, 3);
			if (h || m) {
				let n = h ? d / a : 0, r = m ? d / o : 0, i = _ == y ? _ : Q(xl(v.getFullYear() + r, v.getMonth() + n, 1) * e, 3), s = new Date(Hs(i / e)), c = s.getFullYear(), l = s.getMonth();
				for (let a = 0; i <= u; a++) {
					let o = xl(c + r * a, l + n * a, 1), s = o - t(Q(o * e, 3));
					i = Q((+o + s) * e, 3), i <= u && p.push(i);
				}
			} else {
				let a = d >= i ? i : d, o = y + (Vs(l) - Vs(_)) + dc(_ - y, a);
				p.push(o);
				let m = t(o), h = m.getHours() + m.getMinutes() / n + m.getSeconds() / r, g = d / r, v = f / s.axes[c]._space;
				for (; o = Q(o + d, e == 1 ? 0 : 3), !(o > u);) if (g > 1) {
					let e = Vs(Q(h + g, 6)) % 24, n = t(o).getHours() - e;
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
var [fl, pl, ml] = dl(1), [hl, gl, _l] = dl(.001);
hc(2, -53, 53, [1]);
function vl(e, t) {
	return e.map((e) => e.map((n, r) => r == 0 || r == 8 || n == null ? n : t(r == 1 || e[8] == 0 ? n : e[1] + n)));
}
function yl(e, t) {
	return (n, r, i, a, o) => {
		let s = t.find((e) => o >= e[0]) || t[t.length - 1], c, l, u, d, f, p;
		return r.map((t) => {
			let n = e(t), r = n.getFullYear(), i = n.getMonth(), a = n.getDate(), o = n.getHours(), m = n.getMinutes(), h = n.getSeconds(), g = r != c && s[2] || i != l && s[3] || a != u && s[4] || o != d && s[5] || m != f && s[6] || h != p && s[7] || s[1];
			return c = r, l = i, u = a, d = o, f = m, p = h, g(n);
		});
	};
}
function bl(e, t) {
	let n = Kc(t);
	return (t, r, i, a, o) => r.map((t) => n(e(t)));
}
function xl(e, t, n) {
	return new Date(e, t, n);
}
function Sl(e, t) {
	return t(e);
}
var Cl = "{YYYY}-{MM}-{DD} {h}:{mm}{aa}";
function wl(e, t) {
	return (n, r, i, a) => a == null ? $o : t(e(r));
}
function Tl(e, t) {
	let n = e.series[t];
	return n.width ? n.stroke(e, t) : n.points.width ? n.points.stroke(e, t) : null;
}
function El(e, t) {
	return e.series[t].fill(e, t);
}
var Dl = {
	show: !0,
	live: !0,
	isolate: !1,
	mount: nc,
	markers: {
		show: !0,
		width: 2,
		stroke: Tl,
		fill: El,
		dash: "solid"
	},
	idx: null,
	idxs: null,
	values: []
};
function Ol(e, t) {
	let n = e.cursor.points, r = ls(), i = n.size(e, t);
	Y(r, Fo, i), Y(r, Io, i);
	let a = i / -2;
	Y(r, "marginLeft", a), Y(r, "marginTop", a);
	let o = n.width(e, t, i);
	return o && Y(r, "borderWidth", o), r;
}
function kl(e, t) {
	let n = e.series[t].points;
	return n._fill || n._stroke;
}
function Al(e, t) {
	let n = e.series[t].points;
	return n._stroke || n._fill;
}
function jl(e, t) {
	return e.series[t].points.size;
}
var Ml = [0, 0];
function Nl(e, t, n) {
	return Ml[0] = t, Ml[1] = n, Ml;
}
function Pl(e, t, n, r = !0) {
	return (e) => {
		e.button != 0 || r && e.target != t || n(e);
	};
}
function Fl(e, t, n, r = !0) {
	return (e) => {
		r && e.target != t || n(e);
	};
}
var Il = {
	show: !0,
	x: !0,
	y: !0,
	lock: !1,
	move: Nl,
	points: {
		one: !1,
		show: Ol,
		size: jl,
		width: 0,
		stroke: Al,
		fill: kl
	},
	bind: {
		mousedown: Pl,
		mouseup: Pl,
		click: Pl,
		dblclick: Pl,
		mousemove: Fl,
		mouseleave: Fl,
		mouseenter: Fl
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
}, Ll = {
	show: !0,
	stroke: "rgba(0,0,0,0.07)",
	width: 2
}, Rl = Oc({}, Ll, { filter: ic }), zl = Oc({}, Rl, { size: 10 }), Bl = Oc({}, Ll, { show: !1 }), Vl = "12px system-ui, -apple-system, \"Segoe UI\", Roboto, \"Helvetica Neue\", Arial, \"Noto Sans\", sans-serif, \"Apple Color Emoji\", \"Segoe UI Emoji\", \"Segoe UI Symbol\", \"Noto Color Emoji\"", Hl = "bold " + Vl, Ul = 1.5, Wl = {
	show: !0,
	scale: "x",
	stroke: Vo,
	space: 50,
	gap: 5,
	alignTo: 1,
	size: 50,
	labelGap: 0,
	labelSize: 30,
	labelFont: Hl,
	side: 2,
	grid: Rl,
	ticks: zl,
	border: Bl,
	font: Vl,
	lineGap: Ul,
	rotate: 0
}, Gl = "Value", Kl = "Time", ql = {
	show: !0,
	scale: "x",
	auto: !1,
	sorted: 1,
	min: Qs,
	max: -Infinity,
	idxs: []
};
function Jl(e, t, n, r, i) {
	return t.map((e) => e == null ? "" : Ls(e));
}
function Yl(e, t, n, r, i, a, o) {
	let s = [], c = pc.get(i) || 0;
	n = o ? n : Q(dc(n, i), c);
	for (let e = n; e <= r; e = Q(e + i, c)) s.push(Object.is(e, -0) ? 0 : e);
	return s;
}
function Xl(e, t, n, r, i, a, o) {
	let s = [], c = e.scales[e.axes[t].scale].log;
	i = Ks(c, Vs((c == 10 ? Js : Ys)(n))), c == 10 && (i = el[bs(i, el)]);
	let l = n, u = i * c;
	c == 10 && (u = el[bs(u, el)]);
	do
		s.push(l), l += i, c == 10 && !pc.has(l) && (l = Q(l, pc.get(i))), l >= u && (i = l, u = i * c, c == 10 && (u = el[bs(u, el)]));
	while (l <= r);
	return s;
}
function Zl(e, t, n, r, i, a, o) {
	let s = e.scales[e.axes[t].scale].asinh, c = r > s ? Xl(e, t, Gs(s, n), r, i) : [s], l = r >= 0 && n <= 0 ? [0] : [];
	return (n < -s ? Xl(e, t, Gs(s, -r), -n, i) : [s]).reverse().map((e) => -e).concat(l, c);
}
var Ql = /./, $l = /[12357]/, eu = /[125]/, tu = /1/, nu = (e, t, n, r) => e.map((e, i) => t == 4 && e == 0 || i % r == 0 && n.test(e.toExponential()[+(e < 0)]) ? e : null);
function ru(e, t, n, r, i) {
	let a = e.axes[n], o = a.scale, s = e.scales[o], c = e.valToPos, l = a._space, u = c(10, o), d = c(9, o) - u >= l ? Ql : c(7, o) - u >= l ? $l : c(5, o) - u >= l ? eu : tu;
	if (d == tu) {
		let e = Bs(c(1, o) - u);
		if (e < l) return nu(t.slice().reverse(), s.distr, d, Us(l / e)).reverse();
	}
	return nu(t, s.distr, d, 1);
}
function iu(e, t, n, r, i) {
	let a = e.axes[n], o = a.scale, s = a._space, c = e.valToPos, l = Bs(c(1, o) - c(2, o));
	return l < s ? nu(t.slice().reverse(), 3, Ql, Us(s / l)).reverse() : t;
}
function au(e, t, n, r) {
	return r == null ? $o : t == null ? "" : Ls(t);
}
var ou = {
	show: !0,
	scale: "y",
	stroke: Vo,
	space: 30,
	gap: 5,
	alignTo: 1,
	size: 50,
	labelGap: 0,
	labelSize: 30,
	labelFont: Hl,
	side: 3,
	grid: Rl,
	ticks: zl,
	border: Bl,
	font: Vl,
	lineGap: Ul,
	rotate: 0
};
function su(e, t) {
	return Q((3 + (e || 1) * 2) * t, 3);
}
function cu(e, t) {
	let { scale: n, idxs: r } = e.series[0], i = e._data[0], a = e.valToPos(i[r[0]], n, !0), o = Bs(e.valToPos(i[r[1]], n, !0) - a) / (e.series[t].points.space * J);
	return r[1] - r[0] <= o;
}
var lu = {
	scale: null,
	auto: !0,
	sorted: 0,
	min: Qs,
	max: -Infinity
}, uu = (e, t, n, r, i) => i, du = {
	show: !0,
	auto: !0,
	sorted: 0,
	gaps: uu,
	alpha: 1,
	facets: [Oc({}, lu, { scale: "x" }), Oc({}, lu, { scale: "y" })]
}, fu = {
	scale: "y",
	auto: !0,
	sorted: 0,
	show: !0,
	spanGaps: !1,
	gaps: uu,
	alpha: 1,
	points: {
		show: cu,
		filter: null
	},
	values: null,
	min: Qs,
	max: -Infinity,
	idxs: [],
	path: null,
	clip: null
};
function pu(e, t, n, r, i) {
	return n / 10;
}
var mu = {
	time: mo,
	auto: !0,
	distr: 1,
	log: 10,
	asinh: 1,
	min: null,
	max: null,
	dir: 1,
	ori: 0
}, hu = Oc({}, mu, {
	time: !1,
	ori: 1
}), gu = {};
function _u(e, t) {
	let n = gu[e];
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
	}, e != null && (gu[e] = n)), n;
}
var vu = 1, yu = 2;
function bu(e, t, n) {
	let r = e.mode, i = e.series[t], a = r == 2 ? e._data[t] : e._data, o = e.scales, s = e.bbox, c = a[0], l = r == 2 ? a[1] : a[t], u = r == 2 ? o[i.facets[0].scale] : o[e.series[0].scale], d = r == 2 ? o[i.facets[1].scale] : o[i.scale], f = s.left, p = s.top, m = s.width, h = s.height, g = e.valToPosH, _ = e.valToPosV;
	return u.ori == 0 ? n(i, c, l, u, d, g, _, f, p, m, h, ku, ju, Nu, Fu, Lu) : n(i, c, l, u, d, _, g, p, f, h, m, Au, Mu, Pu, Iu, Ru);
}
function xu(e, t) {
	let n = 0, r = 0, i = X(e.bands, _c);
	for (let e = 0; e < i.length; e++) {
		let a = i[e];
		a.series[0] == t ? n = a.dir : a.series[1] == t && (a.dir == 1 ? r |= 1 : r |= 2);
	}
	return [n, r == 1 ? -1 : r == 2 ? 1 : r == 3 ? 2 : 0];
}
function Su(e, t, n, r, i) {
	let a = e.mode, o = e.series[t], s = a == 2 ? o.facets[1].scale : o.scale, c = e.scales[s];
	return i == -1 ? c.min : i == 1 ? c.max : c.distr == 3 ? c.dir == 1 ? c.min : c.max : 0;
}
function Cu(e, t, n, r, i, a) {
	return bu(e, t, (e, t, o, s, c, l, u, d, f, p, m) => {
		let h = e.pxRound, g = s.dir * (s.ori == 0 ? 1 : -1), _ = s.ori == 0 ? ju : Mu, v, y;
		g == 1 ? (v = n, y = r) : (v = r, y = n);
		let b = h(l(t[v], s, p, d)), x = h(u(o[v], c, m, f)), S = h(l(t[y], s, p, d)), C = h(u(a == 1 ? c.max : c.min, c, m, f)), w = new Path2D(i);
		return _(w, S, C), _(w, b, C), _(w, b, x), w;
	});
}
function wu(e, t, n, r, i, a) {
	let o = null;
	if (e.length > 0) {
		o = new Path2D();
		let s = t == 0 ? Nu : Pu, c = n;
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
function Tu(e, t, n) {
	let r = e[e.length - 1];
	r && r[0] == t ? r[1] = n : e.push([t, n]);
}
function Eu(e, t, n, r, i, a, o) {
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
function Du(e) {
	return e == 0 ? rc : e == 1 ? Hs : (t) => uc(t, e);
}
function Ou(e) {
	let t = e == 0 ? ku : Au, n = e == 0 ? (e, t, n, r, i, a) => {
		e.arcTo(t, n, r, i, a);
	} : (e, t, n, r, i, a) => {
		e.arcTo(n, t, i, r, a);
	}, r = e == 0 ? (e, t, n, r, i) => {
		e.rect(t, n, r, i);
	} : (e, t, n, r, i) => {
		e.rect(n, t, i, r);
	};
	return (e, i, a, o, s, c = 0, l = 0) => {
		c == 0 && l == 0 ? r(e, i, a, o, s) : (c = Ws(c, o / 2, s / 2), l = Ws(l, o / 2, s / 2), t(e, i + c, a), n(e, i + o, a, i + o, a + s, c), n(e, i + o, a + s, i, a + s, l), n(e, i, a + s, i, a, l), n(e, i, a, i + o, a, c), e.closePath());
	};
}
var ku = (e, t, n) => {
	e.moveTo(t, n);
}, Au = (e, t, n) => {
	e.moveTo(n, t);
}, ju = (e, t, n) => {
	e.lineTo(t, n);
}, Mu = (e, t, n) => {
	e.lineTo(n, t);
}, Nu = Ou(0), Pu = Ou(1), Fu = (e, t, n, r, i, a) => {
	e.arc(t, n, r, i, a);
}, Iu = (e, t, n, r, i, a) => {
	e.arc(n, t, r, i, a);
}, Lu = (e, t, n, r, i, a, o) => {
	e.bezierCurveTo(t, n, r, i, a, o);
}, Ru = (e, t, n, r, i, a, o) => {
	e.bezierCurveTo(n, t, i, r, o, a);
};
function zu(e) {
	return (e, t, n, r, i) => bu(e, t, (t, a, o, s, c, l, u, d, f, p, m) => {
		let { pxRound: h, points: g } = t, _, v;
		s.ori == 0 ? (_ = ku, v = Fu) : (_ = Au, v = Iu);
		let y = Q(g.width * J, 3), b = (g.size - g.width) / 2 * J, x = Q(b * 2, 3), S = new Path2D(), C = new Path2D(), { left: w, top: T, width: E, height: D } = e.bbox;
		Nu(C, w - x, T - x, E + x * 2, D + x * 2);
		let O = (e) => {
			if (o[e] != null) {
				let t = h(l(a[e], s, p, d)), n = h(u(o[e], c, m, f));
				_(S, t + b, n), v(S, t, n, b, 0, zs * 2);
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
function Bu(e) {
	return (t, n, r, i, a, o) => {
		r != i && (a != r && o != r && e(t, n, r), a != i && o != i && e(t, n, i), e(t, n, o));
	};
}
var Vu = Bu(ju), Hu = Bu(Mu);
function Uu(e) {
	let t = X(e?.alignGaps, 0);
	return (e, n, r, i) => bu(e, n, (a, o, s, c, l, u, d, f, p, m, h) => {
		[r, i] = ws(s, r, i);
		let g = a.pxRound, _ = (e) => g(u(e, c, m, f)), v = (e) => g(d(e, l, h, p)), y, b;
		c.ori == 0 ? (y = ju, b = Vu) : (y = Mu, b = Hu);
		let x = c.dir * (c.ori == 0 ? 1 : -1), S = {
			stroke: new Path2D(),
			fill: null,
			clip: null,
			band: null,
			gaps: null,
			flags: vu
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
		let [T, E] = xu(e, n);
		if (a.fill != null || T != 0) {
			let t = S.fill = new Path2D(C), s = v(a.fillTo(e, n, a.min, a.max, T)), c = _(o[r]), l = _(o[i]);
			x == -1 && ([l, c] = [c, l]), y(t, l, s), y(t, c, s);
		}
		if (!a.spanGaps) {
			let l = [];
			w && l.push(...Eu(o, s, r, i, x, _, t)), S.gaps = l = a.gaps(e, n, r, i, l), S.clip = wu(l, c.ori, f, p, m, h);
		}
		return E != 0 && (S.band = E == 2 ? [Cu(e, n, r, i, C, -1), Cu(e, n, r, i, C, 1)] : Cu(e, n, r, i, C, E)), S;
	});
}
function Wu(e) {
	let t = X(e.align, 1), n = X(e.ascDesc, !1), r = X(e.alignGaps, 0), i = X(e.extend, !1);
	return (e, a, o, s) => bu(e, a, (c, l, u, d, f, p, m, h, g, _, v) => {
		[o, s] = ws(u, o, s);
		let y = c.pxRound, { left: b, width: x } = e.bbox, S = (e) => y(p(e, d, _, h)), C = (e) => y(m(e, f, v, g)), w = d.ori == 0 ? ju : Mu, T = {
			stroke: new Path2D(),
			fill: null,
			clip: null,
			band: null,
			gaps: null,
			flags: vu
		}, E = T.stroke, D = d.dir * (d.ori == 0 ? 1 : -1), O = C(u[D == 1 ? o : s]), ee = S(l[D == 1 ? o : s]), te = ee, k = ee;
		i && t == -1 && (k = b, w(E, k, O)), w(E, ee, O);
		for (let e = D == 1 ? o : s; e >= o && e <= s; e += D) {
			let n = u[e];
			if (n == null) continue;
			let r = S(l[e]), i = C(n);
			t == 1 ? w(E, r, O) : w(E, te, i), w(E, r, i), O = i, te = r;
		}
		let ne = te;
		i && t == 1 && (ne = b + x, w(E, ne, O));
		let [re, ie] = xu(e, a);
		if (c.fill != null || re != 0) {
			let t = T.fill = new Path2D(E), n = C(c.fillTo(e, a, c.min, c.max, re));
			w(t, ne, n), w(t, k, n);
		}
		if (!c.spanGaps) {
			let i = [];
			i.push(...Eu(l, u, o, s, D, S, r));
			let f = c.width * J / 2, p = n || t == 1 ? f : -f, m = n || t == -1 ? -f : f;
			i.forEach((e) => {
				e[0] += p, e[1] += m;
			}), T.gaps = i = c.gaps(e, a, o, s, i), T.clip = wu(i, d.ori, h, g, _, v);
		}
		return ie != 0 && (T.band = ie == 2 ? [Cu(e, a, o, s, E, -1), Cu(e, a, o, s, E, 1)] : Cu(e, a, o, s, E, ie)), T;
	});
}
function Gu(e, t, n, r, i, a, o = Qs) {
	if (e.length > 1) {
		let s = null;
		for (let c = 0, l = Infinity; c < e.length; c++) if (t[c] !== void 0) {
			if (s != null) {
				let t = Bs(e[c] - e[s]);
				t < l && (l = t, o = Bs(n(e[c], r, i, a) - n(e[s], r, i, a)));
			}
			s = c;
		}
	}
	return o;
}
function Ku(e) {
	e ||= gc;
	let t = X(e.size, [
		.6,
		Qs,
		1
	]), n = e.align || 0, r = e.gap || 0, i = e.radius;
	i = i == null ? [0, 0] : typeof i == "number" ? [i, 0] : i;
	let a = Z(i), o = 1 - t[0], s = X(t[1], Qs), c = X(t[2], 1), l = X(e.disp, gc), u = X(e.each, (e) => {}), { fill: d, stroke: f } = l;
	return (e, t, i, p) => bu(e, t, (m, h, g, _, v, y, b, x, S, C, w) => {
		let T = m.pxRound, E = n, D = r * J, O = s * J, ee = c * J, te, k;
		_.ori == 0 ? [te, k] = a(e, t) : [k, te] = a(e, t);
		let ne = _.dir * (_.ori == 0 ? 1 : -1), re = _.ori == 0 ? Nu : Pu, ie = _.ori == 0 ? u : (e, t, n, r, i, a, o) => {
			u(e, t, n, i, r, o, a);
		}, ae = X(e.bands, _c).find((e) => e.series[0] == t), oe = ae == null ? 0 : ae.dir, se = m.fillTo(e, t, m.min, m.max, oe), ce = T(b(se, v, w, S)), A, le, j, M = C, N = T(m.width * J), ue = !1, de = null, fe = null, pe = null, me = null;
		d != null && (N == 0 || f != null) && (ue = !0, de = d.values(e, t, i, p), fe = /* @__PURE__ */ new Map(), new Set(de).forEach((e) => {
			e != null && fe.set(e, new Path2D());
		}), N > 0 && (pe = f.values(e, t, i, p), me = /* @__PURE__ */ new Map(), new Set(pe).forEach((e) => {
			e != null && me.set(e, new Path2D());
		})));
		let { x0: he, size: ge } = l;
		if (he != null && ge != null) {
			E = 1, h = he.values(e, t, i, p), he.unit == 2 && (h = h.map((t) => e.posToVal(x + t * C, _.key, !0)));
			let n = ge.values(e, t, i, p);
			le = ge.unit == 2 ? n[0] * C : y(n[0], _, C, x) - y(0, _, C, x), M = Gu(h, g, y, _, C, x, M), j = M - le + D;
		} else M = Gu(h, g, y, _, C, x, M), j = M * o + D, le = M - j;
		j < 1 && (j = 0), N >= le / 2 && (N = 0), j < 5 && (T = rc);
		let _e = j > 0, P = M - j - (_e ? N : 0);
		le = T(ec(P, ee, O)), A = (E == 0 ? le / 2 : E == ne ? 0 : le) - E * ne * ((E == 0 ? D / 2 : 0) + (_e ? N / 2 : 0));
		let ve = {
			stroke: null,
			fill: null,
			clip: null,
			band: null,
			gaps: null,
			flags: 0
		}, ye = ue ? null : new Path2D(), be = null;
		if (ae != null) be = e.data[ae.series[1]];
		else {
			let { y0: n, y1: r } = l;
			n != null && r != null && (g = r.values(e, t, i, p), be = n.values(e, t, i, p));
		}
		let xe = te * le, Se = k * le;
		for (let n = ne == 1 ? i : p; n >= i && n <= p; n += ne) {
			let r = g[n];
			if (r == null) continue;
			if (be != null) {
				let e = be[n] ?? 0;
				if (r - e == 0) continue;
				ce = b(e, v, w, S);
			}
			let i = y(_.distr != 2 || l != null ? h[n] : n, _, C, x), a = b(X(r, se), v, w, S), o = T(i - A), s = T(Gs(a, ce)), c = T(Ws(a, ce)), u = s - c;
			if (r != null) {
				let i = r < 0 ? Se : xe, a = r < 0 ? xe : Se;
				ue ? (N > 0 && pe[n] != null && re(me.get(pe[n]), o, c + Vs(N / 2), le, Gs(0, u - N), i, a), de[n] != null && re(fe.get(de[n]), o, c + Vs(N / 2), le, Gs(0, u - N), i, a)) : re(ye, o, c + Vs(N / 2), le, Gs(0, u - N), i, a), ie(e, t, n, o - N / 2, c, le + N, u);
			}
		}
		return N > 0 ? ve.stroke = ue ? me : ye : ue || (ve._fill = m.width == 0 ? m._fill : m._stroke ?? m._fill, ve.width = 0), ve.fill = ue ? fe : ye, ve;
	});
}
function qu(e, t) {
	let n = X(t?.alignGaps, 0);
	return (t, r, i, a) => bu(t, r, (o, s, c, l, u, d, f, p, m, h, g) => {
		[i, a] = ws(c, i, a);
		let _ = o.pxRound, v = (e) => _(d(e, l, h, p)), y = (e) => _(f(e, u, g, m)), b, x, S;
		l.ori == 0 ? (b = ku, S = ju, x = Lu) : (b = Au, S = Mu, x = Ru);
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
			flags: vu
		}, ee = O.stroke, [te, k] = xu(t, r);
		if (o.fill != null || te != 0) {
			let e = O.fill = new Path2D(ee), n = y(o.fillTo(t, r, o.min, o.max, te));
			S(e, T, n), S(e, w, n);
		}
		if (!o.spanGaps) {
			let e = [];
			e.push(...Eu(s, c, i, a, C, v, n)), O.gaps = e = o.gaps(t, r, i, a, e), O.clip = wu(e, l.ori, p, m, h, g);
		}
		return k != 0 && (O.band = k == 2 ? [Cu(t, r, i, a, ee, -1), Cu(t, r, i, a, ee, 1)] : Cu(t, r, i, a, ee, k)), O;
	});
}
function Ju(e) {
	return qu(Yu, e);
}
function Yu(e, t, n, r, i, a) {
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
var Xu = /* @__PURE__ */ new Set();
function Zu() {
	for (let e of Xu) e.syncRect(!0);
}
es && (vs(Yo, ns, Zu), vs(Xo, ns, Zu, !0), vs(Qo, ns, () => {
	pd.pxRatio = J;
}));
var Qu = Uu(), $u = zu();
function ed(e, t, n, r) {
	return (r ? [e[0], e[1]].concat(e.slice(2)) : [e[0]].concat(e.slice(1))).map((e, r) => nd(e, r, t, n));
}
function td(e, t) {
	return e.map((e, n) => n == 0 ? {} : Oc({}, t, e));
}
function nd(e, t, n, r) {
	return Oc({}, t == 0 ? n : r, e);
}
function rd(e, t, n) {
	return t == null ? vc : [t, n];
}
var id = rd;
function ad(e, t, n) {
	return t == null ? vc : Ns(t, n, ks, !0);
}
function od(e, t, n, r) {
	return t == null ? vc : Ds(t, n, e.scales[r].log, !1);
}
var sd = od;
function cd(e, t, n, r) {
	return t == null ? vc : Os(t, n, e.scales[r].log, !1);
}
var ld = cd;
function ud(e, t, n, r, i) {
	let a = Gs($s(e), $s(t)), o = t - e, s = bs(i / r * o, n);
	do {
		let e = n[s], t = r * e / o;
		if (t >= i && a + (e < 5 ? pc.get(e) : 0) <= 17) return [e, t];
	} while (++s < n.length);
	return [0, 0];
}
function dd(e) {
	let t, n;
	return e = e.replace(/(\d+)px/, (e, r) => (t = Hs((n = +r) * J)) + "px"), [
		e,
		t,
		n
	];
}
function fd(e) {
	e.show && [e.font, e.labelFont].forEach((e) => {
		let t = Q(e[2] * J, 1);
		e[0] = e[0].replace(/[0-9.]+px/, t + "px"), e[1] = t;
	});
}
function pd(e, t, n) {
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
	let l = r.root = ls(ho);
	if (e.id != null && (l.id = e.id), os(l, e.class), e.title) {
		let t = ls(vo, l);
		t.textContent = e.title;
	}
	let u = cs("canvas"), d = r.ctx = u.getContext("2d"), f = ls(yo, l);
	vs("click", f, (e) => {
		e.target === m && (W != en || G != tn) && on.click(r, e);
	}, !0);
	let p = r.under = ls(bo, f);
	f.appendChild(u);
	let m = r.over = ls(xo, f);
	e = Dc(e);
	let h = +X(e.pxAlign, 1), g = Du(h);
	(e.plugins || []).forEach((t) => {
		t.opts && (e = t.opts(r, e) || e);
	});
	let _ = e.ms || .001, v = r.series = i == 1 ? ed(e.series || [], ql, fu, !1) : td(e.series || [null], du), y = r.axes = ed(e.axes || [], Wl, ou, !0), b = r.scales = {}, x = r.bands = e.bands || [];
	x.forEach((e) => {
		e.fill = Z(e.fill || null), e.dir = X(e.dir, -1);
	});
	let S = i == 2 ? v[1].facets[0].scale : v[0].scale, C = {
		axes: zt,
		series: Ot
	}, w = (e.drawOrder || ["axes", "series"]).map((e) => C[e]);
	function T(e) {
		let t = e.distr == 3 ? (t) => Js(t > 0 ? t : e.clamp(r, t, e.min, e.max, e.key)) : e.distr == 4 ? (t) => Zs(t, e.asinh) : e.distr == 100 ? (t) => e.fwd(t) : (e) => e;
		return (n) => {
			let r = t(n), { _min: i, _max: a } = e, o = a - i;
			return (r - i) / o;
		};
	}
	function E(t) {
		let n = b[t];
		if (n == null) {
			let r = (e.scales || gc)[t] || gc;
			if (r.from != null) {
				E(r.from);
				let e = Oc({}, b[r.from], r, { key: t });
				e.valToPct = T(e), b[t] = e;
			} else {
				n = b[t] = Oc({}, t == S ? mu : hu, r), n.key = t;
				let e = n.time, a = n.range, o = yc(a);
				if ((t != S || i == 2 && !e) && (o && (a[0] == null || a[1] == null) && (a = {
					min: a[0] == null ? As : {
						mode: 1,
						hard: a[0],
						soft: a[0]
					},
					max: a[1] == null ? As : {
						mode: 1,
						hard: a[1],
						soft: a[1]
					}
				}, o = !1), !o && Cc(a))) {
					let e = a;
					a = (t, n, r) => n == null ? vc : Ns(n, r, e);
				}
				n.range = Z(a || (e ? id : t == S ? n.distr == 3 ? sd : n.distr == 4 ? ld : rd : n.distr == 3 ? od : n.distr == 4 ? cd : ad)), n.auto = Z(!o && n.auto), n.clamp = Z(n.clamp || pu), n._min = n._max = null, n.valToPct = T(n);
			}
		}
	}
	E("x"), E("y"), i == 1 && v.forEach((e) => {
		E(e.scale);
	}), y.forEach((e) => {
		E(e.scale);
	});
	for (let t in e.scales) E(t);
	let D = b[S], O = D.distr, ee, te;
	D.ori == 0 ? (os(l, go), ee = a, te = o) : (os(l, _o), ee = o, te = a);
	let k = {};
	for (let e in b) {
		let t = b[e];
		(t.min != null || t.max != null) && (k[e] = {
			min: t.min,
			max: t.max
		}, t.min = t.max = null);
	}
	let ne = e.tzDate || ((e) => new Date(Hs(e / _))), re = e.fmtDate || Kc, ie = _ == 1 ? ml(ne) : _l(ne), ae = yl(ne, vl(_ == 1 ? pl : gl, re)), oe = wl(ne, Sl(Cl, re)), se = [], ce = r.legend = Oc({}, Dl, e.legend), A = r.cursor = Oc({}, Il, { drag: { y: i == 2 } }, e.cursor), le = ce.show, j = A.show, M = ce.markers;
	ce.idxs = se, M.width = Z(M.width), M.dash = Z(M.dash), M.stroke = Z(M.stroke), M.fill = Z(M.fill);
	let N, ue, de, fe = [], pe = [], me, he = !1, ge = {};
	if (ce.live) {
		let e = v[1] ? v[1].values : null;
		he = e != null, me = he ? e(r, 1, 0) : { _: 0 };
		for (let e in me) ge[e] = $o;
	}
	if (le) {
		if (N = cs("table", Oo, l), de = cs("tbody", null, N), ce.mount(r, N), he) {
			ue = cs("thead", null, N, de);
			let e = cs("tr", null, ue);
			for (var _e in cs("th", null, e), me) cs("th", No, e).textContent = _e;
		} else os(N, Ao), ce.live && os(N, ko);
	}
	let P = { show: !0 }, ve = { show: !1 };
	function ye(e, t) {
		if (t == 0 && (he || !ce.live || i == 2)) return vc;
		let n = [], a = cs("tr", jo, de, de.childNodes[t]);
		os(a, e.class), e.show || os(a, Co);
		let o = cs("th", null, a);
		if (M.show) {
			let e = ls(Mo, o);
			if (t > 0) {
				let n = M.width(r, t);
				n && (e.style.border = n + "px " + M.dash(r, t) + " " + M.stroke(r, t)), e.style.background = M.fill(r, t);
			}
		}
		let s = ls(No, o);
		for (var c in e.label instanceof HTMLElement ? s.appendChild(e.label) : s.textContent = e.label, t > 0 && (M.show || (s.style.color = e.width > 0 ? M.stroke(r, t) : M.fill(r, t)), xe("click", o, (t) => {
			if (A._lock) return;
			We(t);
			let n = v.indexOf(e);
			if ((t.ctrlKey || t.metaKey) != ce.isolate) {
				let e = v.some((e, t) => t > 0 && t != n && e.show);
				v.forEach((t, r) => {
					r > 0 && fn(r, e ? r == n ? P : ve : P, !0, Zn.setSeries);
				});
			} else fn(n, { show: !e.show }, !0, Zn.setSeries);
		}, !1), Ke && xe(Ko, o, (t) => {
			A._lock || (We(t), fn(v.indexOf(e), bn, !0, Zn.setSeries));
		}, !1)), me) {
			let e = cs("td", Po, a);
			e.textContent = "--", n.push(e);
		}
		return [a, n];
	}
	let be = /* @__PURE__ */ new Map();
	function xe(e, t, n, i = !0) {
		let a = be.get(t) || {}, o = A.bind[e](r, t, n, i);
		o && (vs(e, t, a[e] = o), be.set(t, a));
	}
	function Se(e, t, n) {
		let r = be.get(t) || {};
		for (let n in r) (e == null || n == e) && (ys(n, t, r[n]), delete r[n]);
		e ?? be.delete(t);
	}
	let Ce = 0, F = 0, I = 0, L = 0, we = 0, Te = 0, Ee = we, De = Te, Oe = I, ke = L, Ae = 0, R = 0, je = 0, z = 0;
	r.bbox = {};
	let Me = !1, Ne = !1, Pe = !1, Fe = !1, Ie = !1, Le = !1;
	function Re(e, t, n) {
		(n || e != r.width || t != r.height) && ze(e, t), Bt(!1), Pe = !0, Ne = !0, Gt();
	}
	function ze(e, t) {
		r.width = Ce = I = e, r.height = F = L = t, we = Te = 0, He(), Ue();
		let n = r.bbox;
		Ae = n.left = uc(we * J, .5), R = n.top = uc(Te * J, .5), je = n.width = uc(I * J, .5), z = n.height = uc(L * J, .5);
	}
	function Be() {
		let e = !1, t = 0;
		for (; !e;) {
			t++;
			let n = Lt(t), i = Rt(t);
			e = t == 3 || n && i, e || (ze(r.width, r.height), Ne = !0);
		}
	}
	function Ve({ width: e, height: t }) {
		Re(e, t);
	}
	r.setSize = Ve;
	function He() {
		let e = !1, t = !1, n = !1, r = !1;
		y.forEach((i, a) => {
			if (i.show && i._show) {
				let { side: a, _size: o } = i, s = a % 2, c = o + (i.label == null ? 0 : i.labelSize);
				c > 0 && (s ? (I -= c, a == 3 ? (we += c, r = !0) : n = !0) : (L -= c, a == 0 ? (Te += c, e = !0) : t = !0));
			}
		}), et[0] = e, et[1] = n, et[2] = t, et[3] = r, I -= it[1] + it[3], we += it[3], L -= it[2] + it[0], Te += it[0];
	}
	function Ue() {
		let e = we + I, t = Te + L, n = we, r = Te;
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
	if (A.dataIdx == null) {
		let e = A.hover, n = e.skip = new Set(e.skip ?? []);
		n.add(void 0);
		let r = e.prox = Z(e.prox), i = e.bias ??= 0;
		A.dataIdx = (e, a, o, s) => {
			if (a == 0) return o;
			let c = o, l = r(e, a, o, s) ?? Qs, u = l >= 0 && l < Qs, d = D.ori == 0 ? I : L, f = A.left, p = t[0], m = t[a];
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
			} else u && Bs(f - ee(p[o], D, d, 0)) > l && (c = null);
			return c;
		};
	}
	let We = (e) => {
		A.event = e;
	};
	A.idxs = se, A._lock = !1;
	let B = A.points;
	B.show = Z(B.show), B.size = Z(B.size), B.stroke = Z(B.stroke), B.width = Z(B.width), B.fill = Z(B.fill);
	let Ge = r.focus = Oc({}, e.focus || { alpha: .3 }, A.focus), Ke = Ge.prox >= 0, qe = Ke && B.one, Je = [], V = [], Ye = [];
	function Xe(e, t) {
		let n = B.show(r, t);
		if (n instanceof HTMLElement) return os(n, Do), os(n, e.class), ds(n, -10, -10, I, L), m.insertBefore(n, Je[t]), n;
	}
	function Ze(e, t) {
		if (i == 1 || t > 0) {
			let t = i == 1 && b[e.scale].time, n = e.value;
			e.value = t ? Sc(n) ? wl(ne, Sl(n, re)) : n || oe : n || au, e.label = e.label || (t ? Kl : Gl);
		}
		if (qe || t > 0) {
			e.width = e.width == null ? 1 : e.width, e.paths = e.paths || Qu || ac, e.fillTo = Z(e.fillTo || Su), e.pxAlign = +X(e.pxAlign, h), e.pxRound = Du(e.pxAlign), e.stroke = Z(e.stroke || null), e.fill = Z(e.fill || null), e._stroke = e._fill = e._paths = e._focus = null;
			let t = su(Gs(1, e.width), 1), n = e.points = Oc({}, {
				size: t,
				width: Gs(1, t * .2),
				stroke: e.stroke,
				space: t * 2,
				paths: $u,
				_stroke: null,
				_fill: null
			}, e.points);
			n.show = Z(n.show), n.filter = Z(n.filter), n.fill = Z(n.fill), n.stroke = Z(n.stroke), n.paths = Z(n.paths), n.pxAlign = e.pxAlign;
		}
		if (le) {
			let n = ye(e, t);
			fe.splice(t, 0, n[0]), pe.splice(t, 0, n[1]), ce.values.push(null);
		}
		if (j) {
			se.splice(t, 0, null);
			let n = null;
			qe ? t == 0 && (n = Xe(e, t)) : t > 0 && (n = Xe(e, t)), Je.splice(t, 0, n), V.splice(t, 0, 0), Ye.splice(t, 0, 0);
		}
		Yn("addSeries", t);
	}
	function Qe(e, t) {
		t ??= v.length, e = i == 1 ? nd(e, t, ql, fu) : nd(e, t, {}, du), v.splice(t, 0, e), Ze(v[t], t);
	}
	r.addSeries = Qe;
	function $e(e) {
		if (v.splice(e, 1), le) {
			ce.values.splice(e, 1), pe.splice(e, 1);
			let t = fe.splice(e, 1)[0];
			Se(null, t.firstChild), t.remove();
		}
		j && (se.splice(e, 1), Je.splice(e, 1)[0].remove(), V.splice(e, 1), Ye.splice(e, 1)), Yn("delSeries", e);
	}
	r.delSeries = $e;
	let et = [
		!1,
		!1,
		!1,
		!1
	];
	function tt(e, t) {
		if (e._show = e.show, e.show) {
			let n = e.side % 2, i = b[e.scale];
			i ??= (e.scale = n ? v[1].scale : S, b[e.scale]);
			let a = i.time;
			e.size = Z(e.size), e.space = Z(e.space), e.rotate = Z(e.rotate), yc(e.incrs) && e.incrs.forEach((e) => {
				!pc.has(e) && pc.set(e, mc(e));
			}), e.incrs = Z(e.incrs || (i.distr == 2 ? $c : a ? _ == 1 ? fl : hl : el)), e.splits = Z(e.splits || (a && i.distr == 1 ? ie : i.distr == 3 ? Xl : i.distr == 4 ? Zl : Yl)), e.stroke = Z(e.stroke), e.grid.stroke = Z(e.grid.stroke), e.ticks.stroke = Z(e.ticks.stroke), e.border.stroke = Z(e.border.stroke);
			let o = e.values;
			e.values = yc(o) && !yc(o[0]) ? Z(o) : a ? yc(o) ? yl(ne, vl(o, re)) : Sc(o) ? bl(ne, o) : o || ae : o || Jl, e.filter = Z(e.filter || (i.distr >= 3 && i.log == 10 ? ru : i.distr == 3 && i.log == 2 ? iu : ic)), e.font = dd(e.font), e.labelFont = dd(e.labelFont), e._size = e.size(r, null, t, 0), e._space = e._rotate = e._incrs = e._found = e._splits = e._values = null, e._size > 0 && (et[t] = !0, e._el = ls(So, f));
		}
	}
	function nt(e, t, n, r) {
		let [i, a, o, s] = n, c = t % 2, l = 0;
		return c == 0 && (s || a) && (l = t == 0 && !i || t == 2 && !o ? Hs(Wl.size / 3) : 0), c == 1 && (i || o) && (l = t == 1 && !a || t == 3 && !s ? Hs(ou.size / 2) : 0), l;
	}
	let rt = r.padding = (e.padding || [
		nt,
		nt,
		nt,
		nt
	]).map((e) => Z(X(e, nt))), it = r._padding = rt.map((e, t) => e(r, t, et, 0)), H, at = null, ot = null, st = i == 1 ? v[0].idxs : null, ct = null, lt = !1;
	function ut(e, n) {
		if (t = e ?? [], r.data = r._data = t, i == 2) {
			H = 0;
			for (let e = 1; e < v.length; e++) H += t[e][0].length;
		} else {
			t.length == 0 && (r.data = r._data = t = [[]]), ct = t[0], H = ct.length;
			let e = t;
			if (O == 2) {
				e = t.slice();
				let n = e[0] = Array(H);
				for (let e = 0; e < H; e++) n[e] = e;
			}
			r._data = t = e;
		}
		if (Bt(!0), Yn("setData"), O == 2 && (Pe = !0), n !== !1) {
			let e = D;
			e.auto(r, lt) ? dt() : dn(S, e.min, e.max), Fe ||= A.left >= 0, Le = !0, Gt();
		}
	}
	r.setData = ut;
	function dt() {
		lt = !0;
		let e, n;
		i == 1 && (H > 0 ? (at = st[0] = 0, ot = st[1] = H - 1, e = t[0][at], n = t[0][ot], O == 2 ? (e = at, n = ot) : e == n && (O == 3 ? [e, n] = Ds(e, e, D.log, !1) : O == 4 ? [e, n] = Os(e, e, D.log, !1) : D.time ? n = e + Hs(86400 / _) : [e, n] = Ns(e, n, ks, !0))) : (at = st[0] = e = null, ot = st[1] = n = null)), dn(S, e, n);
	}
	let ft, pt, mt, ht, gt, _t, vt, yt, bt, xt;
	function St(e, t, n, r, i, a) {
		e ??= Ho, n ??= _c, r ??= "butt", i ??= Ho, a ??= "round", e != ft && (d.strokeStyle = ft = e), i != pt && (d.fillStyle = pt = i), t != mt && (d.lineWidth = mt = t), a != gt && (d.lineJoin = gt = a), r != _t && (d.lineCap = _t = r), n != ht && d.setLineDash(ht = n);
	}
	function Ct(e, t, n, r) {
		t != pt && (d.fillStyle = pt = t), e != vt && (d.font = vt = e), n != yt && (d.textAlign = yt = n), r != bt && (d.textBaseline = bt = r);
	}
	function wt(e, t, n, i, a = 0) {
		if (i.length > 0 && e.auto(r, lt) && (t == null || t.min == null)) {
			let t = X(at, 0), r = X(ot, i.length - 1), o = n.min == null ? Es(i, t, r, a, e.distr == 3) : [n.min, n.max];
			e.min = Ws(e.min, n.min = o[0]), e.max = Gs(e.max, n.max = o[1]);
		}
	}
	let Tt = {
		min: null,
		max: null
	};
	function Et() {
		for (let e in b) {
			let t = b[e];
			k[e] == null && (t.min == null || k[S] != null && t.auto(r, lt)) && (k[e] = Tt);
		}
		for (let e in b) {
			let t = b[e];
			k[e] == null && t.from != null && k[t.from] != null && (k[e] = Tt);
		}
		k[S] != null && Bt(!0);
		let e = {};
		for (let t in k) {
			let n = k[t];
			if (n != null) {
				let a = e[t] = Dc(b[t], wc);
				if (n.min != null) Oc(a, n);
				else if (t != S || i == 2) {
					if (H == 0 && a.from == null) {
						let e = a.range(r, null, null, t);
						a.min = e[0], a.max = e[1];
					} else a.min = Qs, a.max = -Infinity;
				}
			}
		}
		if (H > 0) {
			v.forEach((n, a) => {
				if (i == 1) {
					let i = n.scale, o = k[i];
					if (o == null) return;
					let s = e[i];
					if (a == 0) {
						let e = s.range(r, s.min, s.max, i);
						s.min = e[0], s.max = e[1], at = bs(s.min, t[0]), ot = bs(s.max, t[0]), ot - at > 1 && (t[0][at] < s.min && at++, t[0][ot] > s.max && ot--), n.min = ct[at], n.max = ct[ot];
					} else n.show && n.auto && wt(s, o, n, t[a], n.sorted);
					n.idxs[0] = at, n.idxs[1] = ot;
				} else if (a > 0 && n.show && n.auto) {
					let [r, i] = n.facets, o = r.scale, s = i.scale, [c, l] = t[a], u = e[o], d = e[s];
					u != null && wt(u, k[o], r, c, r.sorted), d != null && wt(d, k[s], i, l, i.sorted), n.min = i.min, n.max = i.max;
				}
			});
			for (let t in e) {
				let n = e[t], i = k[t];
				if (n.from == null && (i == null || i.min == null)) {
					let e = n.range(r, n.min == Qs ? null : n.min, n.max == -Infinity ? null : n.max, t);
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
				i._min = e == 3 ? Js(i.min) : e == 4 ? Zs(i.min, i.asinh) : e == 100 ? i.fwd(i.min) : i.min, i._max = e == 3 ? Js(i.max) : e == 4 ? Zs(i.max, i.asinh) : e == 100 ? i.fwd(i.max) : i.max, n[t] = a = !0;
			}
		}
		if (a) {
			v.forEach((e, t) => {
				i == 2 ? t > 0 && n.y && (e._paths = null) : n[e.scale] && (e._paths = null);
			});
			for (let e in n) Pe = !0, Yn("setScale", e);
			j && A.left >= 0 && (Fe = Le = !0);
		}
		for (let e in k) k[e] = null;
	}
	function Dt(e) {
		let t = ec(at - 1, 0, H - 1), n = ec(ot + 1, 0, H - 1);
		for (; e[t] == null && t > 0;) t--;
		for (; e[n] == null && n < H - 1;) n++;
		return [t, n];
	}
	function Ot() {
		if (H > 0) {
			let e = v.some((e) => e._focus) && xt != Ge.alpha;
			e && (d.globalAlpha = xt = Ge.alpha), v.forEach((e, n) => {
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
			let e = Ae - l / 2, t = R - l / 2, n = je + l, r = z + l;
			u = new Path2D(), u.rect(e, t, n, r);
		}
		t ? Mt(s, l, n.dash, n.cap, c, r, i, o, a) : jt(e, s, l, n.dash, n.cap, c, r, i, o, u, a), p && d.translate(-f, -f);
	}
	function jt(e, n, i, a, o, s, c, l, u, d, f) {
		let p = !1;
		u != 0 && x.forEach((m, h) => {
			if (m.series[0] == e) {
				let e = v[m.series[1]], g = t[m.series[1]], _ = (e._paths || gc).band;
				yc(_) && (_ = m.dir == 1 ? _[0] : _[1]);
				let y, b = null;
				e.show && _ && Ps(g, at, ot) ? (b = m.fill(r, h) || s, y = e._paths.clip) : _ = null, Mt(n, i, a, o, b, c, l, u, d, f, y, _), p = !0;
			}
		}), p || Mt(n, i, a, o, s, c, l, u, d, f);
	}
	function Mt(e, t, n, r, i, a, o, s, c, l, u, f) {
		St(e, t, n, r, i), (c || l || f) && (d.save(), c && d.clip(c), l && d.clip(l)), f ? (s & 3) == 3 ? (d.clip(f), u && d.clip(u), Pt(i, o), Nt(e, a, t)) : s & yu ? (Pt(i, o), d.clip(f), Nt(e, a, t)) : s & vu && (d.save(), d.clip(f), u && d.clip(u), Pt(i, o), d.restore(), Nt(e, a, t)) : (Pt(i, o), Nt(e, a, t)), (c || l || f) && d.restore();
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
			o = ud(t, n, a._incrs = a.incrs(r, e, t, n, i, s), i, s);
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
			let o = n.side, s = o % 2, { min: c, max: l } = a, [u, d] = Ft(i, c, l, s == 0 ? I : L);
			if (d == 0) return;
			let f = a.distr == 2, p = n._splits = n.splits(r, i, c, l, u, d, f), m = a.distr == 2 ? p.map((e) => ct[e]) : p, h = a.distr == 2 ? ct[p[1]] - ct[p[0]] : u, g = n._values = n.values(r, n.filter(r, m, i, d, h), i, d, h);
			n._rotate = o == 2 ? n.rotate(r, g, i, d) : 0;
			let _ = n._size;
			n._size = Us(n.size(r, g, i, e)), _ != null && n._size != _ && (t = !1);
		}), t;
	}
	function Rt(e) {
		let t = !0;
		return rt.forEach((n, i) => {
			let a = n(r, i, et, e);
			a != it[i] && (t = !1), it[i] = a;
		}), t;
	}
	function zt() {
		for (let e = 0; e < y.length; e++) {
			let t = y[e];
			if (!t.show || !t._show) continue;
			let n = t.side, i = n % 2, a, o, c = t.stroke(r, e), l = n == 0 || n == 3 ? -1 : 1, [u, f] = t._found;
			if (t.label != null) {
				let s = t.labelGap * l, p = Hs((t._lpos + s) * J);
				Ct(t.labelFont[0], c, "center", n == 2 ? Lo : Ro), d.save(), i == 1 ? (a = o = 0, d.translate(p, Hs(R + z / 2)), d.rotate((n == 3 ? -zs : zs) / 2)) : (a = Hs(Ae + je / 2), o = p);
				let m = tc(t.label) ? t.label(r, e, u, f) : t.label;
				d.fillText(m, a, o), d.restore();
			}
			if (f == 0) continue;
			let p = b[t.scale], m = i == 0 ? je : z, h = i == 0 ? Ae : R, _ = t._splits, v = p.distr == 2 ? _.map((e) => ct[e]) : _, x = p.distr == 2 ? ct[_[1]] - ct[_[0]] : u, S = t.ticks, C = t.border, w = S.show ? S.size : 0, T = Hs(w * J), E = Hs((t.alignTo == 2 ? t._size - w - t.gap : t.gap) * J), D = t._rotate * -zs / 180, O = g(t._pos * J), ee = O + (T + E) * l;
			o = i == 0 ? ee : 0, a = i == 1 ? ee : 0;
			let te = t.font[0];
			Ct(te, c, t.align == 1 ? zo : t.align == 2 ? Bo : D > 0 ? zo : D < 0 ? Bo : i == 0 ? "center" : n == 3 ? Bo : zo, D || i == 1 ? "middle" : n == 2 ? Lo : Ro);
			let k = t.font[1] * t.lineGap, ne = _.map((e) => g(s(e, p, m, h))), re = t._values;
			for (let e = 0; e < re.length; e++) {
				let t = re[e];
				if (t != null) {
					i == 0 ? a = ne[e] : o = ne[e], t = "" + t;
					let n = t.indexOf("\n") == -1 ? [t] : t.split(/\n/gm);
					for (let e = 0; e < n.length; e++) {
						let t = n[e];
						D ? (d.save(), d.translate(a, o + e * k), d.rotate(D), d.fillText(t, 0, 0), d.restore()) : d.fillText(t, a, o + e * k);
					}
				}
			}
			S.show && It(ne, S.filter(r, v, e, f, x), i, n, O, T, Q(S.width * J, 3), S.stroke(r, e), S.dash, S.cap);
			let ie = t.grid;
			ie.show && It(ne, ie.filter(r, v, e, f, x), i, i == 0 ? 2 : 1, i == 0 ? R : Ae, i == 0 ? z : je, Q(ie.width * J, 3), ie.stroke(r, e), ie.dash, ie.cap), C.show && It([O], [1], +(i == 0), i == 0 ? 1 : 2, i == 1 ? R : Ae, i == 1 ? z : je, Q(C.width * J, 3), C.stroke(r, e), C.dash, C.cap);
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
		Vt ||= (Pc(qt), !0);
	}
	function Kt(e, t = !1) {
		Vt = !0, Ht = t, e(r), qt(), t && Ut.length > 0 && queueMicrotask(Wt);
	}
	r.batch = Kt;
	function qt() {
		if (Me &&= (Et(), !1), Pe &&= (Be(), !1), Ne) {
			if (Y(p, zo, we), Y(p, Lo, Te), Y(p, Fo, I), Y(p, Io, L), Y(m, zo, we), Y(m, Lo, Te), Y(m, Fo, I), Y(m, Io, L), Y(f, Fo, Ce), Y(f, Io, F), u.width = Hs(Ce * J), u.height = Hs(F * J), y.forEach(({ _el: e, _show: t, _size: n, _pos: r, side: i }) => {
				if (e != null) {
					if (t) {
						let t = i === 3 || i === 0 ? n : 0, a = i % 2 == 1;
						Y(e, a ? "left" : "top", r - t), Y(e, a ? "width" : "height", n), Y(e, a ? "top" : "left", a ? Te : we), Y(e, a ? "height" : "width", a ? L : I), ss(e, Co);
					} else os(e, Co);
				}
			}), ft = pt = mt = gt = _t = vt = yt = bt = ht = null, xt = 1, Nn(!0), we != Ee || Te != De || I != Oe || L != ke) {
				Bt(!1);
				let e = I / Oe, t = L / ke;
				if (j && !Fe && A.left >= 0) {
					A.left *= e, A.top *= t, U && ds(U, Hs(A.left), 0, I, L), Zt && ds(Zt, 0, Hs(A.top), I, L);
					for (let n = 0; n < Je.length; n++) {
						let r = Je[n];
						r != null && (V[n] *= e, Ye[n] *= t, ds(r, Us(V[n]), Us(Ye[n]), I, L));
					}
				}
				if (K.show && !Ie && K.left >= 0 && K.width > 0) {
					K.left *= e, K.width *= e, K.top *= t, K.height *= t;
					for (let e in In) Y(ln, e, K[e]);
				}
				Ee = we, De = Te, Oe = I, ke = L;
			}
			Yn("setSize"), Ne = !1;
		}
		Ce > 0 && F > 0 && (d.clearRect(0, 0, u.width, u.height), Yn("drawClear"), w.forEach((e) => e()), Yn("draw")), K.show && Ie && (un(K), Ie = !1), j && Fe && (jn(null, !0, !1), Fe = !1), ce.show && ce.live && Le && (kn(), Le = !1), c || (c = !0, r.status = 1, Yn("ready")), lt = !1, Vt = !1;
	}
	r.redraw = (e, t) => {
		Pe = t || !1, e === !1 ? Gt() : dn(S, D.min, D.max);
	};
	function Jt(e, n) {
		let i = b[e];
		if (i.from == null) {
			if (H == 0) {
				let t = i.range(r, n.min, n.max, e);
				n.min = t[0], n.max = t[1];
			}
			if (n.min > n.max) {
				let e = n.min;
				n.min = n.max, n.max = e;
			}
			if (H > 1 && n.min != null && n.max != null && n.max - n.min < 1e-16) return;
			e == S && i.distr == 2 && H > 0 && (n.min = bs(n.min, t[0]), n.max = bs(n.max, t[0]), n.min == n.max && n.max++), k[e] = n, Me = !0, Gt();
		}
	}
	r.setScale = Jt;
	let Yt, Xt, U, Zt, Qt, $t, en, tn, nn, rn, W, G, an = !1, on = A.drag, sn = on.x, cn = on.y;
	j && (A.x && (Yt = ls(To, m)), A.y && (Xt = ls(Eo, m)), D.ori == 0 ? (U = Yt, Zt = Xt) : (U = Xt, Zt = Yt), W = A.left, G = A.top);
	let K = r.select = Oc({
		show: !0,
		over: !0,
		left: 0,
		width: 0,
		top: 0,
		height: 0
	}, e.select), ln = K.show ? ls(wo, K.over ? m : p) : null;
	function un(e, t) {
		if (K.show) {
			for (let t in e) K[t] = e[t], t in In && Y(ln, t, e[t]);
			t !== !1 && Yn("setSelect");
		}
	}
	r.setSelect = un;
	function q(e) {
		if (v[e].show) le && ss(fe[e], Co);
		else if (le && os(fe[e], Co), j) {
			let t = qe ? Je[0] : Je[e];
			t != null && ds(t, -10, -10, I, L);
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
			r > 0 && (e == r || e == null) && (n.show = t.show, q(r), i == 2 ? (dn(n.facets[0].scale, null, null), dn(n.facets[1].scale, null, null)) : dn(n.scale, null, null), Gt());
		}), n !== !1 && Yn("setSeries", e, t), a && er("setSeries", r, e, t);
	}
	r.setSeries = fn;
	function pn(e, t) {
		Oc(x[e], t);
	}
	function mn(e, t) {
		e.fill = Z(e.fill || null), e.dir = X(e.dir, -1), t ??= x.length, x.splice(t, 0, e);
	}
	function hn(e) {
		e == null ? x.length = 0 : x.splice(e, 1);
	}
	r.addBand = mn, r.setBand = pn, r.delBand = hn;
	function gn(e, t) {
		v[e].alpha = t, j && Je[e] != null && (Je[e].style.opacity = t), le && fe[e] && (fe[e].style.opacity = t);
	}
	let _n, vn, yn, bn = { focus: !0 };
	function xn(e) {
		if (e != yn) {
			let t = e == null, n = Ge.alpha != 1;
			v.forEach((r, a) => {
				if (i == 1 || a > 0) {
					let i = t || a == 0 || a == e;
					r._focus = t ? null : i, n && gn(a, i ? 1 : Ge.alpha);
				}
			}), yn = e, n && Gt();
		}
	}
	le && Ke && xe(qo, N, (e) => {
		A._lock || (We(e), yn != null && fn(null, bn, !0, Zn.setSeries));
	});
	function Sn(e, t, n) {
		let r = b[t];
		n && (e = e / J - (r.ori == 1 ? Te : we));
		let i = I;
		r.ori == 1 && (i = L, e = i - e), r.dir == -1 && (e = i - e);
		let a = r._min, o = r._max, s = e / i, c = a + (o - a) * s, l = r.distr;
		return l == 3 ? Ks(10, c) : l == 4 ? Xs(c, r.asinh) : l == 100 ? r.bwd(c) : c;
	}
	function Cn(e, n) {
		return bs(Sn(e, S, n), t[0], at, ot);
	}
	r.valToIdx = (e) => bs(e, t[0]), r.posToIdx = Cn, r.posToVal = Sn, r.valToPos = (e, t, n) => b[t].ori == 0 ? a(e, b[t], n ? je : I, n ? Ae : 0) : o(e, b[t], n ? z : L, n ? R : 0), r.setCursor = (e, t, n) => {
		W = e.left, G = e.top, jn(null, t, n);
	};
	function wn(e, t) {
		Y(ln, zo, K.left = e), Y(ln, Fo, K.width = t);
	}
	function Tn(e, t) {
		Y(ln, Lo, K.top = e), Y(ln, Io, K.height = t);
	}
	let En = D.ori == 0 ? wn : Tn, Dn = D.ori == 1 ? wn : Tn;
	function On() {
		if (le && ce.live) for (let e = +(i == 2); e < v.length; e++) {
			if (e == 0 && he) continue;
			let t = ce.values[e], n = 0;
			for (let r in t) pe[e][n++].firstChild.nodeValue = t[r];
		}
	}
	function kn(e, t) {
		if (e != null && (e.idxs ? e.idxs.forEach((e, t) => {
			se[t] = e;
		}) : xc(e.idx) || se.fill(e.idx), ce.idx = se[0]), le && ce.live) {
			for (let e = 0; e < v.length; e++) (e > 0 || i == 1 && !he) && An(e, se[e]);
			On();
		}
		Le = !1, t !== !1 && Yn("setLegend");
	}
	r.setLegend = kn;
	function An(e, n) {
		let i = v[e], a = e == 0 && O == 2 ? ct : t[e], o;
		he ? o = i.values(r, e, n) ?? ge : (o = i.value(r, n == null ? null : a[n], e, n), o = o == null ? ge : { _: o }), ce.values[e] = o;
	}
	function jn(e, n, a) {
		nn = W, rn = G, [W, G] = A.move(r, W, G), A.left = W, A.top = G, j && (U && ds(U, Hs(W), 0, I, L), Zt && ds(Zt, 0, Hs(G), I, L));
		let o, s = at > ot;
		_n = Qs, vn = null;
		let c = D.ori == 0 ? I : L, l = D.ori == 1 ? I : L;
		if (W < 0 || H == 0 || s) {
			o = A.idx = null;
			for (let e = 0; e < v.length; e++) {
				let t = Je[e];
				t != null && ds(t, -10, -10, I, L);
			}
			Ke && fn(null, bn, !0, e == null && Zn.setSeries), ce.live && (se.fill(o), Le = !0);
		} else {
			let e, n, a;
			i == 1 && (e = D.ori == 0 ? W : G, n = Sn(e, S), o = A.idx = bs(n, t[0], at, ot), a = ee(t[0][o], D, c, 0));
			let s = -10, u = -10, d = 0, f = 0, p = !0, m = "", h = "";
			for (let e = +(i == 2); e < v.length; e++) {
				let g = v[e], _ = se[e], y = _ == null ? null : i == 1 ? t[e][_] : t[e][1][_], x = A.dataIdx(r, e, o, n), S = x == null ? null : i == 1 ? t[e][x] : t[e][1][x];
				if (Le = Le || S != y || x != _, se[e] = x, e > 0 && g.show) {
					let n = x == null ? -10 : x == o ? a : ee(i == 1 ? t[0][x] : t[e][0][x], D, c, 0), _ = S == null ? -10 : te(S, i == 1 ? b[g.scale] : b[g.facets[1].scale], l, 0);
					if (Ke && S != null) {
						let t = D.ori == 1 ? W : G, n = Bs(Ge.dist(r, e, x, _, t));
						if (n < _n) {
							let r = Ge.bias;
							if (r != 0) {
								let i = Sn(t, g.scale), a = S >= 0 ? 1 : -1, o = i >= 0 ? 1 : -1;
								o == a && (o == 1 ? r == 1 ? S >= i : S <= i : r == 1 ? S <= i : S >= i) && (_n = n, vn = e);
							} else _n = n, vn = e;
						}
					}
					if (Le || qe) {
						let t, i;
						D.ori == 0 ? (t = n, i = _) : (t = _, i = n);
						let a, o, c, l, g, v, y = !0, b = B.bbox;
						if (b != null) {
							y = !1;
							let t = b(r, e);
							c = t.left, l = t.top, a = t.width, o = t.height;
						} else c = t, l = i, a = o = B.size(r, e);
						if (v = B.fill(r, e), g = B.stroke(r, e), qe) e == vn && _n <= Ge.prox && (s = c, u = l, d = a, f = o, p = y, m = v, h = g);
						else {
							let t = Je[e];
							t != null && (V[e] = c, Ye[e] = l, hs(t, a, o, y), ps(t, v, g), ds(t, Us(c), Us(l), I, L));
						}
					}
				}
			}
			if (qe) {
				let e = Ge.prox;
				if (Le || (yn == null ? _n <= e : _n > e || vn != yn)) {
					let e = Je[0];
					e != null && (V[0] = s, Ye[0] = u, hs(e, d, f, p), ps(e, m, h), ds(e, Us(s), Us(u), I, L));
				}
			}
		}
		if (K.show && an) {
			if (e != null) {
				let [t, n] = Zn.scales, [r, i] = Zn.match, [a, o] = e.cursor.sync.scales, s = e.cursor.drag;
				if (sn = s._x, cn = s._y, sn || cn) {
					let { left: s, top: u, width: d, height: f } = e.select, p = e.scales[a].ori, m = e.posToVal, h, g, _, v, y, x = t != null && r(t, a), S = n != null && i(n, o);
					x && sn ? (p == 0 ? (h = s, g = d) : (h = u, g = f), _ = b[t], v = ee(m(h, a), _, c, 0), y = ee(m(h + g, a), _, c, 0), En(Ws(v, y), Bs(y - v))) : En(0, c), S && cn ? (p == 1 ? (h = s, g = d) : (h = u, g = f), _ = b[n], v = te(m(h, o), _, l, 0), y = te(m(h + g, o), _, l, 0), Dn(Ws(v, y), Bs(y - v))) : Dn(0, l);
				} else Ln();
			} else {
				let e = Bs(nn - Qt), t = Bs(rn - $t);
				if (D.ori == 1) {
					let n = e;
					e = t, t = n;
				}
				sn = on.x && e >= on.dist, cn = on.y && t >= on.dist;
				let n = on.uni;
				n == null ? on.x && on.y && (sn || cn) && (sn = cn = !0) : sn && cn && (sn = e >= n, cn = t >= n, !sn && !cn && (t > e ? cn = !0 : sn = !0));
				let r, i;
				sn && (D.ori == 0 ? (r = en, i = W) : (r = tn, i = G), En(Ws(r, i), Bs(i - r)), cn || Dn(0, l)), cn && (D.ori == 1 ? (r = en, i = W) : (r = tn, i = G), Dn(Ws(r, i), Bs(i - r)), sn || En(0, c)), !sn && !cn && (En(0, 0), Dn(0, 0));
			}
		}
		if (on._x = sn, on._y = cn, e == null) {
			if (a) {
				if (Qn != null) {
					let [e, t] = Zn.scales;
					Zn.values[0] = e == null ? null : Sn(D.ori == 0 ? W : G, e), Zn.values[1] = t == null ? null : Sn(D.ori == 1 ? W : G, t);
				}
				er(Uo, r, W, G, I, L, o);
			}
			if (Ke) {
				let e = a && Zn.setSeries, t = Ge.prox;
				yn == null ? _n <= t && fn(vn, bn, !0, e) : _n > t ? fn(null, bn, !0, e) : vn != yn && fn(vn, bn, !0, e);
			}
		}
		Le && (ce.idx = o, kn()), n !== !1 && Yn("setCursor");
	}
	let Mn = null;
	Object.defineProperty(r, "rect", { get() {
		return Mn ?? Nn(!1), Mn;
	} });
	function Nn(e = !1) {
		e ? Mn = null : (Mn = m.getBoundingClientRect(), Yn("syncRect", Mn));
	}
	function Pn(e, t, n, r, i, a, o) {
		A._lock || an && e != null && e.movementX == 0 && e.movementY == 0 || (Fn(e, t, n, r, i, a, o, !1, e != null), e == null ? jn(t, !0, !1) : jn(null, !0, !0));
	}
	function Fn(e, t, n, i, a, o, c, l, u) {
		if (Mn ?? Nn(!1), We(e), e != null) n = e.clientX - Mn.left, i = e.clientY - Mn.top;
		else {
			if (n < 0 || i < 0) {
				W = -10, G = -10;
				return;
			}
			let [e, r] = Zn.scales, c = t.cursor.sync, [l, u] = c.values, [d, f] = c.scales, [p, m] = Zn.match, h = t.axes[0].side % 2 == 1, g = D.ori == 0 ? I : L, _ = D.ori == 1 ? I : L, v = h ? o : a, y = h ? a : o, x = h ? i : n, S = h ? n : i;
			if (n = d == null ? x / v * g : p(e, d) ? s(l, b[e], g, 0) : -10, i = f == null ? S / y * _ : m(r, f) ? s(u, b[r], _, 0) : -10, D.ori == 1) {
				let e = n;
				n = i, i = e;
			}
		}
		u && (t == null || t.cursor.event.type == Uo) && ((n <= 1 || n >= I - 1) && (n = uc(n, I)), (i <= 1 || i >= L - 1) && (i = uc(i, L))), l ? (Qt = n, $t = i, [en, tn] = A.move(r, n, i)) : (W = n, G = i);
	}
	let In = {
		width: 0,
		height: 0,
		left: 0,
		top: 0
	};
	function Ln() {
		un(In, !1);
	}
	let Rn, zn, Bn, Vn;
	function Hn(e, t, n, i, a, o, s) {
		an = !0, sn = cn = on._x = on._y = !1, Fn(e, t, n, i, a, o, s, !0, !1), e != null && (xe(Go, ts, Un, !1), er(Wo, r, en, tn, I, L, null));
		let { left: c, top: l, width: u, height: d } = K;
		Rn = c, zn = l, Bn = u, Vn = d;
	}
	function Un(e, t, n, i, a, o, s) {
		an = on._x = on._y = !1, Fn(e, t, n, i, a, o, s, !1, !0);
		let { left: c, top: l, width: u, height: d } = K, f = u > 0 || d > 0, p = Rn != c || zn != l || Bn != u || Vn != d;
		if (f && p && un(K), on.setScale && f && p) {
			let e = c, t = u, n = l, r = d;
			if (D.ori == 1 && (e = l, t = d, n = c, r = u), sn && dn(S, Sn(e, S), Sn(e + t, S)), cn) for (let e in b) {
				let t = b[e];
				e != S && t.from == null && t.min != Qs && dn(e, Sn(n + r, e), Sn(n, e));
			}
			Ln();
		} else A.lock && (A._lock = !A._lock, jn(t, !0, e != null));
		e != null && (Se(Go, ts), er(Go, r, W, G, I, L, null));
	}
	function Wn(e, t, n, r, i, a, o) {
		if (A._lock) return;
		We(e);
		let s = an;
		if (an) {
			let e = !0, t = !0, n, r;
			D.ori == 0 ? (n = sn, r = cn) : (n = cn, r = sn), n && r && (e = W <= 10 || W >= I - 10, t = G <= 10 || G >= L - 10), n && e && (W = W < en ? 0 : I), r && t && (G = G < tn ? 0 : L), jn(null, !0, !0), an = !1;
		}
		W = -10, G = -10, se.fill(null), jn(null, !0, !0), s && (an = s);
	}
	function Gn(e, t, n, i, a, o, s) {
		A._lock || (We(e), dt(), Ln(), e != null && er(Jo, r, W, G, I, L, null));
	}
	function Kn() {
		y.forEach(fd), Re(r.width, r.height, !0);
	}
	vs(Qo, ns, Kn);
	let qn = {};
	qn.mousedown = Hn, qn.mousemove = Pn, qn.mouseup = Un, qn.dblclick = Gn, qn.setSeries = (e, t, n, i) => {
		let a = Zn.match[2];
		n = a(r, t, n), n != -1 && fn(n, i, !0, !1);
	}, j && (xe(Wo, m, Hn), xe(Uo, m, Pn), xe(Ko, m, (e) => {
		We(e), Nn(!1);
	}), xe(qo, m, Wn), xe(Jo, m, Gn), Xu.add(r), r.syncRect = Nn);
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
	let Xn = (e, t, n) => n, Zn = Oc({
		key: null,
		setSeries: !1,
		filters: {
			pub: oc,
			sub: oc
		},
		scales: [S, v[1] ? v[1].scale : null],
		match: [
			sc,
			sc,
			Xn
		],
		values: [null, null]
	}, A.sync);
	Zn.match.length == 2 && Zn.match.push(Xn), A.sync = Zn;
	let Qn = Zn.key, $n = _u(Qn);
	function er(e, t, n, r, i, a, o) {
		Zn.filters.pub(e, t, n, r, i, a, o) && $n.pub(e, t, n, r, i, a, o);
	}
	$n.sub(r);
	function tr(e, t, n, r, i, a, o) {
		Zn.filters.sub(e, t, n, r, i, a, o) && qn[e](null, t, n, r, i, a, o);
	}
	r.pub = tr;
	function nr() {
		$n.unsub(r), Xu.delete(r), be.clear(), ys(Qo, ns, Kn), l.remove(), N?.remove(), Yn("destroy");
	}
	r.destroy = nr;
	function rr() {
		Yn("init", e, t), ut(t || e.data, !1), k[S] ? Jt(S, k[S]) : dt(), Ie = K.show && (K.width > 0 || K.height > 0), Fe = Le = !0, Re(e.width, e.height);
	}
	return v.forEach(Ze), y.forEach(tt), n ? n instanceof HTMLElement ? (n.appendChild(l), rr()) : n(r, rr) : rr(), r;
}
pd.assign = Oc, pd.fmtNum = Ls, pd.rangeNum = Ns, pd.rangeLog = Ds, pd.rangeAsinh = Os, pd.orient = bu, pd.pxRatio = J, pd.join = Nc, pd.fmtDate = Kc, pd.tzDate = Jc, pd.sync = _u;
{
	pd.addGap = Tu, pd.clipGaps = wu;
	let e = pd.paths = { points: zu };
	e.linear = Uu, e.stepped = Wu, e.bars = Ku, e.spline = Ju;
}
// src/views/trail/toolbar/chart.ts
var md = 86400, hd = 18, gd = 40, _d = 4, vd = 250;
function yd(e, t) {
	let { bars: n, height: r, getColours: i } = t, a = n[0]?.startMs ?? 0, o = n.at(-1)?.endMs ?? 1, s = Math.max(1, ...n.map((e) => e.successful + e.failed)), c = pd.paths.bars?.({
		size: [.82, 48],
		align: 0,
		gap: 0
	}), l = (e) => ({
		fill: e,
		width: 0,
		points: { show: !1 },
		...c ? { paths: c } : {}
	});
	return new pd({
		width: Math.max(e.clientWidth, 1),
		height: r,
		padding: [
			6,
			8,
			0,
			0
		],
		legend: { show: !1 },
		cursor: bd(),
		scales: {
			x: {
				time: !0,
				range: () => [a / 1e3, o / 1e3]
			},
			y: { range: () => [0, s] }
		},
		axes: xd(i, s, t.timeZone),
		series: [
			{},
			l(() => i().successful),
			l((e) => Cd(e, i()))
		],
		hooks: wd(t),
		...t.timeZone === void 0 ? {} : { tzDate: (e) => pd.tzDate(/* @__PURE__ */ new Date(e * 1e3), "Etc/UTC") }
	}, [
		n.map((e) => (e.startMs + e.endMs) / 2e3),
		n.map((e) => e.successful + e.failed),
		n.map((e) => e.failed)
	], e);
}
function bd() {
	return {
		y: !1,
		points: { show: !1 },
		drag: {
			x: !0,
			y: !1,
			setScale: !1,
			dist: _d
		},
		bind: { dblclick: () => null }
	};
}
function xd(e, t, n) {
	let r = {
		stroke: () => e().text,
		font: "11px system-ui, sans-serif",
		ticks: { show: !1 },
		gap: 3
	}, i = new Intl.NumberFormat(void 0, { notation: "compact" });
	return [{
		...r,
		size: hd,
		space: 72,
		align: 1,
		grid: { show: !1 },
		values: (e, t, r, i, a) => {
			let o = Sd(a, n), s = Sd(md, n);
			return t.map((e) => (a < md && (/* @__PURE__ */ new Date(e * 1e3)).getHours() === 0 ? s : o).format(e * 1e3));
		}
	}, {
		...r,
		size: gd,
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
function Sd(e, t) {
	return e < md ? new Intl.DateTimeFormat(void 0, {
		hour: "2-digit",
		minute: "2-digit",
		hourCycle: "h23",
		timeZone: t
	}) : e < 28 * md ? new Intl.DateTimeFormat(void 0, {
		month: "short",
		day: "numeric",
		timeZone: t
	}) : new Intl.DateTimeFormat(void 0, {
		year: "numeric",
		month: "short",
		timeZone: t
	});
}
function Cd(e, t) {
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
function wd(e) {
	let t, n = (e, t) => e.posToVal(t, "x") * 1e3;
	return {
		setSelect: [(t) => {
			let { left: r, width: i } = t.select;
			i >= _d && e.onBrush(n(t, r), n(t, r + i)), i > 0 && t.setSelect({
				left: 0,
				top: 0,
				width: 0,
				height: 0
			}, !1);
		}],
		setCursor: [(t) => {
			let { left: r } = t.cursor;
			e.onHover(r === void 0 || r < 0 ? null : Td(e.bars, n(t, r)));
		}],
		ready: [(r) => {
			r.over.addEventListener("click", (i) => {
				if (clearTimeout(t), i.detail > 1) return;
				let a = Td(e.bars, n(r, i.offsetX));
				t = setTimeout(() => a !== null && e.onClick(a), vd);
			}), r.over.addEventListener("dblclick", () => e.onBack());
		}],
		destroy: [() => clearTimeout(t)]
	};
}
function Td(e, t) {
	let n = e.findIndex((e) => e.startMs <= t && t < e.endMs);
	return n < 0 ? null : n;
}
// src/views/trail/toolbar/canvas.tsx
function Ed(e) {
	let { preferences: t } = B(), n = z(null), r = z(null), i = z(e);
	return i.current = e, R(() => {
		let t = n.current;
		if (t === null || e.bars.length === 0) return;
		let a = yd(t, {
			bars: e.bars,
			timeZone: e.timeZone,
			height: t.clientHeight,
			getColours: () => Dd(t),
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
	}, [e.bars, e.timeZone]), Mt(() => {
		t.value.theme, requestAnimationFrame(() => r.current?.redraw());
	}), R(() => {
		let e = window.matchMedia("(prefers-color-scheme: dark)"), t = () => r.current?.redraw();
		return e.addEventListener("change", t), () => e.removeEventListener("change", t);
	}, []), /* @__PURE__ */ U("div", {
		ref: n,
		class: "toolbar-histogram-canvas",
		"aria-hidden": "true"
	});
}
function Dd(e) {
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
function Od({ summary: e, hovered: t, isByDay: n, intervals: r, filters: i, onBack: a }) {
	let o = t ?? e, s = ha(i).map((e) => q.filters.names[e]);
	return /* @__PURE__ */ U("p", {
		class: "toolbar-histogram-legend",
		children: [
			o === null ? /* @__PURE__ */ U("span", { children: q.histogram.loading }) : /* @__PURE__ */ U(S, { children: [
				/* @__PURE__ */ U("span", {
					class: "toolbar-histogram-events",
					children: t ? Ad(t, n) : kd(o.successful + o.failed)
				}),
				/* @__PURE__ */ U("span", {
					class: "toolbar-histogram-key toolbar-histogram-key-successful",
					children: q.histogram.succeeded(ro(o.successful))
				}),
				/* @__PURE__ */ U("span", {
					class: "toolbar-histogram-key toolbar-histogram-key-failed",
					children: q.histogram.failed(ro(o.failed))
				}),
				!t && /* @__PURE__ */ U("span", {
					class: "toolbar-histogram-quiet",
					children: q.histogram.interval[n ? "day" : "hour"](r)
				})
			] }),
			e && /* @__PURE__ */ U("span", {
				class: "toolbar-hidden",
				children: jd(e, n)
			}),
			s.length > 0 && /* @__PURE__ */ U("span", {
				class: "toolbar-histogram-ignored",
				children: q.histogram.ignores(s.join(", "))
			}),
			a && /* @__PURE__ */ U("button", {
				type: "button",
				class: "toolbar-button-quiet",
				onClick: a,
				children: q.histogram.back
			})
		]
	});
}
function kd(e) {
	return e === 1 ? q.histogram.oneEvent : q.histogram.events(ro(e));
}
function Ad(e, t) {
	return t ? to(e.startMs, e.endMs) : eo(e.startMs, e.endMs);
}
function jd({ busiest: e }, t) {
	if (e === null) return q.histogram.empty;
	let n = kd(e.successful + e.failed);
	return `${q.histogram.busiest(Ad(e, t), n)} ${q.histogram.help}`;
}
function Md({ bars: e, isByDay: t }) {
	let { table: n } = q.histogram, r = e.filter((e) => e.successful + e.failed > 0);
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
					children: Ad(e, t)
				}),
				/* @__PURE__ */ U("td", { children: ro(e.successful) }),
				/* @__PURE__ */ U("td", { children: ro(e.failed) })
			] }, e.startMs)) })
		] })
	});
}
// src/views/trail/toolbar/series.ts
var Nd = 36e5, Pd = 24 * Nd, Fd = 8 * Pd, Id = 200, Ld = 24;
function Rd(e, t, n) {
	let r = Object.fromEntries(Pt.map((e) => [e, t[e]])), i = zd(n);
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
			...Bd(n, i, t),
			interval: i
		})
	};
}
function zd(e) {
	return e.kind === "all" ? "day" : (e.kind === "preset" ? Ft[e.preset] * 36e5 : Date.parse(e.end) - Date.parse(e.start)) <= Fd ? "hour" : "day";
}
function Bd(e, t, n) {
	if (e.kind === "preset") return { startDate: Vd(n - Ft[e.preset] * Nd) };
	let r = e.kind === "fixed" ? Date.parse(e.end) - 1 : n, i = Math.max(0, Math.floor(r / Pd - 3659) * Pd), a = e.kind === "fixed" ? Date.parse(e.start) : i, o = Vd(t === "day" ? Math.max(a, i) : a);
	return e.kind === "fixed" ? {
		startDate: o,
		endDate: Vd(r)
	} : { startDate: o };
}
var Vd = (e) => new Date(e).toISOString();
function Hd(e, t, n) {
	let r = t === "hour" ? Nd : Pd, i = (e.series ?? []).map(({ start: e, successful: t, failed: n }) => {
		let i = Date.parse(e);
		return {
			startMs: i,
			endMs: i + r,
			successful: t,
			failed: n
		};
	}), a = i.findIndex((e) => e.successful + e.failed > 0), o = n ? Math.min(a < 0 ? i.length : a, i.length - Ld) : 0, s = i.slice(Math.max(o, 0)), c = Math.max(1, Math.ceil(s.length / Id)), l = [];
	for (let e = 0; e < s.length; e += c) l.push(Ud(s.slice(e, e + c)));
	return {
		bars: l,
		intervals: c
	};
}
function Ud(e) {
	return e.reduce((e, t) => ({
		startMs: e.startMs,
		endMs: t.endMs,
		successful: e.successful + t.successful,
		failed: e.failed + t.failed
	}));
}
function Wd(e, t, n) {
	let r = e.filter((e) => e.startMs <= n && e.endMs > t), [i] = r, a = r.at(-1);
	return i === void 0 || a === void 0 ? null : {
		kind: "fixed",
		start: Vd(i.startMs),
		end: Vd(a.endMs)
	};
}
function Gd(e) {
	let t = null, n = 0, r = 0;
	for (let i of e) n += i.successful, r += i.failed, i.successful + i.failed > (t ? t.successful + t.failed : 0) && (t = i);
	return {
		successful: n,
		failed: r,
		busiest: t
	};
}
function Kd(e, t) {
	return t === void 0 ? e : e.map((e) => t === "true" ? {
		...e,
		failed: 0
	} : {
		...e,
		successful: 0
	});
}
// src/views/trail/toolbar/statistics-source.ts
var qd = {
	statistics: null,
	request: null,
	error: null,
	isLoading: !0
};
function Jd(e, t, n) {
	let [r, i] = ke(qd), [a, o] = ke(0);
	return R(() => {
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
function Yd({ error: e, retry: t }) {
	let n = e instanceof fe ? e.kind : "failed", [r, i] = q.failures[n], a = e instanceof fe && n === "invalid" ? e.message : i;
	return /* @__PURE__ */ U("div", {
		class: "toolbar-histogram-failure",
		role: "alert",
		children: [/* @__PURE__ */ U("span", { children: [
			/* @__PURE__ */ U("strong", { children: ["⚠ ", n === "invalid" ? q.filters.refused : r] }),
			" ",
			a
		] }), /* @__PURE__ */ U("button", {
			type: "button",
			class: "toolbar-button",
			onClick: t,
			children: q.histogram.retry
		})]
	});
}
// src/views/trail/toolbar/histogram.tsx
function Xd({ suggestions: e }) {
	let { api: t, navigation: n } = B(), { tenantId: r, filters: i, range: a } = n.place.value, [o, s] = Jd(t, Rd(r, i, a), (t) => e.remember(r, t)), [c, l] = ke(null), u = Zd(a, (e) => n.go({ range: e })), { statistics: d, request: f } = o, p = Ne(() => d && f ? Hd(d, f.interval, a.kind === "all") : null, [d]), m = Ne(() => p ? Kd(p.bars, i.success) : [], [p, i.success]);
	R(() => l(null), [m]);
	let h = f?.interval === "day", g = (e, t) => {
		let n = Wd(m, e, t);
		n && u.enter(n);
	};
	return o.error === null ? /* @__PURE__ */ U("section", {
		class: "toolbar-histogram",
		"aria-label": q.histogram.label,
		"aria-busy": o.isLoading,
		children: [
			/* @__PURE__ */ U(Od, {
				summary: p && Gd(m),
				hovered: c === null ? null : m[c] ?? null,
				isByDay: h,
				intervals: p?.intervals ?? 1,
				filters: i,
				onBack: a.kind === "fixed" ? u.leave : null
			}),
			/* @__PURE__ */ U(Ed, {
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
			/* @__PURE__ */ U(Md, {
				bars: m,
				isByDay: h
			})
		]
	}) : /* @__PURE__ */ U(Yd, {
		error: o.error,
		retry: s
	});
}
function Zd(e, t) {
	let n = z([]);
	return {
		enter(r) {
			JSON.stringify(r) !== JSON.stringify(e) && (n.current.push(e), t(r));
		},
		leave() {
			let r = n.current.pop();
			r === void 0 ? e.kind === "fixed" && t(It) : t(r);
		}
	};
}
// src/views/trail/toolbar/picker.ts
var Qd = 6e4;
function $d(e) {
	let t = new Date(e), n = (e) => String(e).padStart(2, "0");
	return `${`${t.getFullYear()}-${n(t.getMonth() + 1)}-${n(t.getDate())}`}T${n(t.getHours())}:${n(t.getMinutes())}`;
}
function ef(e, t) {
	let n = Date.parse(e), r = Date.parse(t);
	return !e || !t || Number.isNaN(n) || Number.isNaN(r) ? "missing" : n >= r ? "reversed" : {
		kind: "fixed",
		start: new Date(n).toISOString(),
		end: new Date(r).toISOString()
	};
}
function tf(e, t, n) {
	if (e.kind === "fixed") return {
		startMs: Date.parse(e.start),
		endMs: Date.parse(e.end)
	};
	let r = Math.ceil(n / Qd) * Qd;
	return {
		startMs: r - t * 60 * Qd,
		endMs: r
	};
}
// src/views/trail/toolbar/range.tsx
var nf = Object.keys(Ft);
function rf() {
	let { navigation: e } = B(), { range: t } = e.place.value, n = (t) => e.go({ range: t });
	return /* @__PURE__ */ U("div", {
		class: "toolbar-segments",
		role: "group",
		"aria-label": q.range.label,
		children: [
			nf.map((e) => /* @__PURE__ */ U("button", {
				type: "button",
				"aria-label": q.range.longPresets[e],
				"aria-pressed": t.kind === "preset" && t.preset === e,
				onClick: () => n({
					kind: "preset",
					preset: e
				}),
				children: q.range.presets[e]
			}, e)),
			/* @__PURE__ */ U("button", {
				type: "button",
				"aria-label": q.range.longAll,
				"aria-pressed": t.kind === "all",
				onClick: () => n({ kind: "all" }),
				children: q.range.all
			}),
			/* @__PURE__ */ U(na, {
				title: q.range.customTitle,
				label: t.kind === "fixed" ? $a(t) : q.range.custom,
				pressed: t.kind === "fixed",
				children: (e) => /* @__PURE__ */ U(af, {
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
function af({ range: e, onApply: t, onCancel: n }) {
	let { startMs: r, endMs: i } = tf(e, Ft[e.kind === "preset" ? e.preset : It.preset], Date.now()), a = Tt($d(r)), o = Tt($d(i)), s = Tt(null), c = Fe();
	return /* @__PURE__ */ U("form", {
		class: "toolbar-form",
		onSubmit: (e) => {
			e.preventDefault();
			let n = ef(a.value, o.value);
			typeof n == "string" ? s.value = n : t(n);
		},
		noValidate: !0,
		children: [
			/* @__PURE__ */ U("label", {
				for: `${c}-from`,
				children: q.range.from
			}),
			/* @__PURE__ */ U("input", {
				id: `${c}-from`,
				type: "datetime-local",
				value: a.value,
				onInput: (e) => a.value = e.currentTarget.value
			}),
			/* @__PURE__ */ U("label", {
				for: `${c}-to`,
				children: q.range.to
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
				children: s.value ? `⚠ ${q.range[s.value]}` : q.range.zone(no())
			}),
			/* @__PURE__ */ U("p", {
				class: "toolbar-form-buttons",
				children: [/* @__PURE__ */ U("button", {
					type: "submit",
					class: "toolbar-button-main",
					children: q.range.apply
				}), /* @__PURE__ */ U("button", {
					type: "button",
					class: "toolbar-button",
					onClick: n,
					children: q.range.cancel
				})]
			})
		]
	});
}
// src/views/trail/toolbar/suggestions.ts
var of = 500, sf = "(other)";
function cf() {
	let e = H({}), t = "";
	return {
		known: e,
		remember(n, r) {
			let i = t === n ? e.peek() : {};
			t = n;
			let a = r.actionBreakdown.map(({ action: e }) => e), o = r.resourceTypeBreakdown.map(({ resourceType: e }) => e);
			e.value = {
				...i,
				action: uf(i.action, [...a, ...lf(a)]),
				resourceType: uf(i.resourceType, o)
			};
		},
		use(t, n) {
			e.value = {
				...e.peek(),
				[t]: uf([n], e.peek()[t] ?? [])
			};
		}
	};
}
function lf(e) {
	let t = /* @__PURE__ */ new Map();
	for (let n of e) {
		let e = /^[^.:/]+[.:/]/.exec(n)?.[0];
		e && t.set(e, (t.get(e) ?? 0) + 1);
	}
	return [...t].filter(([, e]) => e > 1).map(([e]) => `${e}*`);
}
function uf(e = [], t) {
	return [.../* @__PURE__ */ new Set([...e, ...t])].filter((e) => e !== sf).slice(0, of);
}
// src/views/trail/toolbar.tsx
function df() {
	let { api: e, navigation: t } = B(), { filters: n, range: r } = t.place.value, i = Ne(cf, []), a = Ne(() => lo(e), [e]), [o, s] = ke(!1);
	return /* @__PURE__ */ U("section", {
		class: "toolbar",
		"aria-label": q.filters.region,
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
					q.filters.fold(Object.keys(n).length, $a(r))
				]
			}),
			/* @__PURE__ */ U("div", {
				class: o ? "toolbar-row toolbar-row-open" : "toolbar-row",
				children: [
					/* @__PURE__ */ U(ba, { suggestions: i }),
					/* @__PURE__ */ U(rf, {}),
					/* @__PURE__ */ U(io, { exports: a })
				]
			}),
			ga(n) && /* @__PURE__ */ U("p", {
				class: "toolbar-hint",
				children: q.filters.slow
			}),
			/* @__PURE__ */ U(Xd, { suggestions: i }),
			/* @__PURE__ */ U(uo, { exports: a })
		]
	});
}
// src/views/trail/trail.tsx
function ff() {
	let { navigation: e } = B(), { eventId: t, tenantId: n } = e.place.value, [r, i] = pf(), a = Tt(!1);
	return /* @__PURE__ */ U("div", {
		class: "trail",
		"data-open": t !== null || void 0,
		children: [/* @__PURE__ */ U("div", {
			class: "trail-toolbar",
			children: /* @__PURE__ */ U(df, {})
		}), /* @__PURE__ */ U("div", {
			class: "trail-body",
			children: [/* @__PURE__ */ U($i, {
				trail: i,
				isLive: a
			}, r), t !== null && /* @__PURE__ */ U(mf, {
				id: t,
				tenantId: n
			})]
		})]
	});
}
function pf() {
	let { api: e, navigation: t } = B(), { tenantId: n, filters: r, range: i } = t.place.value, a = JSON.stringify([
		n,
		Object.entries(r).sort(),
		i
	]), o = Ne(() => K(e, {
		tenantId: n,
		filters: r,
		range: i
	}), [e, a]);
	return R(() => (o.reload(), () => o.dispose()), [o]), [a, o];
}
function mf({ id: e, tenantId: t }) {
	let n = z(null);
	return R(() => {
		let e = n.current?.previousElementSibling;
		e && getComputedStyle(e).visibility === "hidden" && n.current?.focus();
	}, []), /* @__PURE__ */ U("div", {
		class: "trail-event",
		ref: n,
		tabIndex: -1,
		children: [/* @__PURE__ */ U("div", {
			class: "trail-event-bar",
			children: [/* @__PURE__ */ U(Zt, {
				to: { eventId: null },
				class: "trail-back",
				children: [
					/* @__PURE__ */ U("span", {
						"aria-hidden": "true",
						children: "←"
					}),
					" ",
					q.trail.back
				]
			}), /* @__PURE__ */ U(Zt, {
				to: { eventId: null },
				class: "trail-close",
				children: [
					q.trail.closeEvent,
					" ",
					/* @__PURE__ */ U("kbd", { children: "Esc" })
				]
			})]
		}), /* @__PURE__ */ U(fn, {
			id: e,
			tenantId: t
		}, e)]
	});
}
// src/element.tsx
var hf = class extends HTMLElement {
	getToken = async () => null;
	connectedCallback() {
		let e = this.shadowRoot ?? this.attachShadow({ mode: "open" }), t = new CSSStyleSheet();
		t.replaceSync(Jt), e.adoptedStyleSheets = [t];
		let n = this.getAttribute("api") ?? "", r = {
			settings: { api: n },
			api: pe(n, () => this.getToken()),
			navigation: Ht({ tenantId: this.getAttribute("tenant") ?? "" }),
			preferences: Gt(null)
		};
		ue(/* @__PURE__ */ U(We.Provider, {
			value: r,
			children: /* @__PURE__ */ U(ff, {})
		}), e);
	}
	disconnectedCallback() {
		this.shadowRoot && ue(null, this.shadowRoot);
	}
};
customElements.define("audit-trail", hf);
export { hf as AuditTrail };
