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
			if (E = n.props, D = (d = j.prototype) && d.render, O = (d = j.contextType) && i[d.__c], te = d ? O ? O.props.value : d.__ : i, (_ = r.__c) ? (n.__c = _, 2 & _.__g && (_.__g |= 1)) : (D ? n.__c = _ = new j(E, te) : (n.__c = _ = new C(E, te), _.constructor = j, _.render = ue), O && O.sub(_), _.state || (_.state = {}), _.__n = i, _.__g |= 8, _.__h = [], _.__k = []), D && (_.__s || (_.__s = _.state), j.getDerivedStateFromProps && (_.__s == _.state && (_.__s = v({}, _.__s)), v(_.__s, j.getDerivedStateFromProps(E, _.__s)))), b = _.props, x = _.state, _.__v = n, r.__c) {
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
function ue(e, t, n) {
	return this.constructor(e, n);
}
function de(t, n) {
	var r, i, a, o;
	e.__ && e.__(t, n), n.nodeType == 9 && (n = n.documentElement), i = (r = t && 32 & t.__u) ? null : n.__k, n.__k = x(S, { children: [t] }), a = [], o = [], oe(n, n.__k, i || p, p, n.namespaceURI, i ? null : n.firstChild ? _.call(n.childNodes) : null, a, i ? i.__e : n.firstChild, r, o), A(a, n.__k, o), n.__k.props.children = null;
}
function fe(e) {
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
var pe = class extends Error {
	kind;
	retryAfter;
	constructor(e, t, n = null) {
		super(t), this.kind = e, this.retryAfter = n, this.name = "ApiError";
	}
}, me = async () => null;
function he(e, t = me) {
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
			throw n?.aborted ? e : new pe("offline", e instanceof Error ? e.message : String(e));
		}
	}
	async function i(e, i, a) {
		let o = n(e, i), s = await t(), c = await r(o, s, a);
		if (c.status === 401 && s !== null) {
			let e = await t(s);
			e !== s && (c = await r(o, e, a));
		}
		if (!c.ok) throw await _e(c);
		return c;
	}
	async function a(e, t, n) {
		let r = await i(e, t, n);
		try {
			return await r.json();
		} catch (e) {
			throw n?.aborted ? e : new pe("failed", "the response is not JSON");
		}
	}
	return {
		listEvents: (e, t) => a("", e, t),
		getEvent: (e, t, n) => a(`/${encodeURIComponent(e)}`, t, n),
		getProof: async (e, t, n) => (await i(`/${encodeURIComponent(e)}/proof`, t, n)).text(),
		getStatistics: (e, t) => a("/stats", e, t),
		getMetrics: (e) => a("/metrics", {}, e),
		getLog: (e) => a("/log", {}, e),
		getCheckpoint: async (e) => (await i("/checkpoint", {}, e)).text(),
		getTile: async (e, t) => new Uint8Array(await (await i(`/tile/${e}`, {}, t)).arrayBuffer()),
		getAddress: n,
		usesToken: t !== me
	};
}
var ge = {
	400: "invalid",
	401: "signedOut",
	403: "forbidden",
	404: "notFound",
	429: "throttled",
	502: "unavailable",
	503: "unavailable",
	504: "unavailable"
};
async function _e(e) {
	let t = `${e.status} ${e.statusText}`.trim();
	try {
		t = ve(await e.json()) ?? t;
	} catch {}
	let n = Number(e.headers.get("Retry-After")), r = Number.isFinite(n) && n > 0 ? n : null;
	return new pe(ge[e.status] ?? "failed", t, r);
}
function ve(e) {
	if (typeof e != "object" || !e) return null;
	let { error: t, message: n } = e;
	return typeof t?.message == "string" ? t.message : typeof n == "string" ? n : null;
}
// node_modules/preact/hooks/dist/hooks.mjs
var ye, N, be, xe, Se = Object.is, Ce = 0, we = [], Te = [], P = e, F = P.__b, Ee = P.__r, De = P.diffed, Oe = P.__c, ke = P.unmount, Ae = P.__;
function je(e, t) {
	P.__h && P.__h(N, e, Ce || t), Ce = 0;
	var n = N.__H || (N.__H = {
		__: [],
		__h: []
	});
	return e >= n.__.length && n.__.push({}), n.__[e];
}
function I(e) {
	return Ce = 1, Me(Ge, e);
}
function Me(e, t, n) {
	var r = je(ye++, 2);
	if (r.t = e, !r.__c && (r.__ = [n ? n(t) : Ge(void 0, t), function(e) {
		var t = (r.__N || r.__)[0], n = r.t(t, e);
		Se(t, n) || (r.__N = [n, r.__[1]], r.__c.setState({}));
	}], r.__c = N, !N.__f)) {
		N.__f = !0;
		var i = N.shouldComponentUpdate;
		N.shouldComponentUpdate = function(e, t, n) {
			var r = this.__H;
			if (!r) return !0;
			var a = !1, o = this.props != e;
			if (r.__.some(function(e) {
				e.__N && (a = !0, Se(e.__[0], e.__N[0]) || (o = !0));
			}), i) {
				var s = i.call(this, e, t, n);
				return a ? s || o : s;
			}
			return !a || o;
		};
	}
	return r.__;
}
function L(e, t) {
	var n = je(ye++, 3);
	!P.__s && We(n.__H, t) && (n.__P = !0, n.__ = e, n.u = t, N.__H.__h.push(n));
}
function Ne(e, t) {
	var n = je(ye++, 4);
	!P.__s && We(n.__H, t) && (n.__P = !1, n.__ = e, n.u = t, N.__h.push(n));
}
function R(e) {
	return Ce = 5, Fe(function() {
		return { current: e };
	}, []);
}
function Pe(e, t, n) {
	Ce = 6, Ne(function() {
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
function Fe(e, t) {
	var n = je(ye++, 7);
	return We(n.__H, t) && (n.__ = e(), n.__H = t), n.__;
}
function Ie(e) {
	var t = N.context[e.__c], n = je(ye++, 9);
	return n.c = e, t ? (n.__ ?? (n.__ = !0, t.sub(N)), t.props.value) : e.__;
}
function Le() {
	var e = je(ye++, 11);
	if (!e.__) {
		for (var t = N.__v; !t.__m && t.__;) t = t.__;
		var n = t.__m || (t.__m = [0, 0]);
		e.__ = "P" + n[0] + "-" + n[1]++;
	}
	return e.__;
}
function Re() {
	var e;
	do {
		for (; e = Te.shift();) try {
			He(e);
		} catch (t) {
			P.__e(t, { __: (e = e.__P) && e.__v });
		}
		for (; e = we.shift();) {
			var t = e.__H;
			if (e.__P && t) try {
				t.__h.some(He), t.__h.some(Ue), t.__h = [];
			} catch (n) {
				t.__h = [], P.__e(n, e.__v);
			}
		}
	} while (Te.length);
}
P.__b = function(e) {
	N = null, F && F(e);
}, P.__ = function(e, t) {
	e && t.__k && t.__k.__m && (e.__m = t.__k.__m), Ae && Ae(e, t);
}, P.__r = function(e) {
	Ee && Ee(e), ye = 0;
	var t = (N = e.__c).__H;
	t && (be == N ? N.__h = [] : (t.__h.some(He), t.__h.some(Ue), ye = 0), t.__h = [], t.__.some(function(e) {
		e.__N && (e.__ = e.__N), e.u = e.__N = void 0;
	})), be = N;
}, P.diffed = function(e) {
	De && De(e);
	var t = e.__c;
	t && t.__H && (t.__H.__h.length && Ve(we.push(t)), t.__H.__.some(function(e) {
		e.u && (e.__H = e.u);
	})), be = N = null;
}, P.__c = function(e, t) {
	t.some(function(e) {
		try {
			e.__h.some(He), e.__h = e.__h.filter(function(e) {
				return !e.__ || Ue(e);
			});
		} catch (t) {
			e.__h = [function() {
				throw t;
			}];
		}
	}), Oe && Oe(e, t);
}, P.unmount = function(e) {
	ke && ke(e);
	var t, n, r = e.__c;
	r && r.__H && (r.__H.__.some(function(r) {
		try {
			if (r.__P && r.__c) {
				if (n === void 0) {
					for (n = e.__; n && (!n.__c || !n.__c.__P);) n = n.__;
					n &&= n.__c;
				}
				r.__P = n, Ve(Te.push(r));
			} else He(r);
		} catch (e) {
			t = e;
		}
	}), r.__H = void 0, t && P.__e(t, r.__v));
};
var ze = typeof requestAnimationFrame == "function";
function Be(e) {
	var t, n = function() {
		clearTimeout(r), ze && cancelAnimationFrame(t), setTimeout(e);
	}, r = setTimeout(n, 35);
	ze && (t = requestAnimationFrame(n));
}
function Ve(e) {
	e != 1 && xe == P.requestAnimationFrame || ((xe = P.requestAnimationFrame) || Be)(Re);
}
function He(e) {
	var t = N, n = e.__c;
	typeof n == "function" && (e.__c = void 0, n()), N = t;
}
function Ue(e) {
	var t = N;
	e.__c = e.__(), N = t;
}
function We(e, t) {
	return !e || e.length != t.length || t.some(function(t, n) {
		return !Se(t, e[n]);
	});
}
function Ge(e, t) {
	return typeof t == "function" ? t(e) : t;
}
// src/state/context.ts
var Ke = fe(null);
function z() {
	let e = Ie(Ke);
	if (e === null) throw Error("the view is outside of a ContextProvider");
	return e;
}
// node_modules/@preact/signals-core/dist/signals-core.module.js
var qe = Symbol.for("preact-signals");
function Je() {
	if ($e > 1) $e--;
	else {
		var e, t = !1;
		for ((function() {
			var e = rt;
			for (rt = void 0; e !== void 0;) {
				var t = e.S;
				if (t.v === e.v) for (var n = t.t; n !== void 0; n = n.x) n.i === e.i && (n.i = t.i);
				e = e.o;
			}
		})(); Qe !== void 0;) {
			var n = Qe;
			for (Qe = void 0, et++; n !== void 0;) {
				var r = n.u;
				if (n.u = void 0, n.f &= -3, !(8 & n.f) && ot(n)) try {
					n.c();
				} catch (n) {
					t ||= (e = n, !0);
				}
				n = r;
			}
		}
		if (et = 0, $e--, t) throw e;
	}
}
function Ye(e) {
	if ($e > 0) return e();
	nt = ++tt, $e++;
	try {
		return e();
	} finally {
		Je();
	}
}
var Xe, B = void 0;
function Ze(e) {
	var t = B, n = Xe;
	B = void 0, Xe = void 0;
	try {
		return e();
	} finally {
		B = t, Xe = n;
	}
}
var Qe = void 0, $e = 0, et = 0, tt = 0, nt = 0, rt = void 0, it = 0;
function at(e) {
	if (B !== void 0) {
		var t = e.n;
		if (t === void 0 || t.t !== B) return t = {
			i: 0,
			S: e,
			p: B.s,
			n: void 0,
			t: B,
			e: void 0,
			x: void 0,
			r: t
		}, B.s !== void 0 && (B.s.n = t), B.s = t, e.n = t, 32 & B.f && e.S(t), t;
		if (t.i === -1) return t.i = 0, t.n !== void 0 && (t.n.p = t.p, t.p !== void 0 && (t.p.n = t.n), t.p = B.s, t.n = void 0, B.s.n = t, B.s = t), t;
	}
}
function V(e, t) {
	this.v = e, this.i = 0, this.n = void 0, this.t = void 0, this.l = 0, this.W = t?.watched, this.Z = t?.unwatched, this.name = t?.name;
}
V.prototype.brand = qe, V.prototype.h = function() {
	return !0;
}, V.prototype.S = function(e) {
	var t = this, n = this.t;
	n !== e && e.e === void 0 && (e.x = n, this.t = e, n === void 0 ? Ze(function() {
		var e;
		(e = t.W) == null || e.call(t);
	}) : n.e = e);
}, V.prototype.U = function(e) {
	var t = this;
	if (this.t !== void 0) {
		var n = e.e, r = e.x;
		n !== void 0 && (n.x = r, e.e = void 0), r !== void 0 && (r.e = n, e.x = void 0), e === this.t && (this.t = r, r === void 0 && Ze(function() {
			var e;
			(e = t.Z) == null || e.call(t);
		}));
	}
}, V.prototype.subscribe = function(e) {
	var t = this;
	return ht(function() {
		var n = t.value;
		Ze(function() {
			return e(n);
		});
	}, { name: "sub" });
}, V.prototype.valueOf = function() {
	return this.value;
}, V.prototype.toString = function() {
	return this.value + "";
}, V.prototype.toJSON = function() {
	return this.value;
}, V.prototype.peek = function() {
	var e = this;
	return Ze(function() {
		return e.value;
	});
}, Object.defineProperty(V.prototype, "value", {
	get: function() {
		var e = at(this);
		return e !== void 0 && (e.i = this.i), this.v;
	},
	set: function(e) {
		if (e !== this.v) {
			if (et > 100) throw Error("Cycle detected");
			(function(e) {
				$e !== 0 && et === 0 && e.l !== nt && (e.l = nt, rt = {
					S: e,
					v: e.v,
					i: e.i,
					o: rt
				});
			})(this), this.v = e, this.i++, it++, $e++;
			try {
				for (var t = this.t; t !== void 0; t = t.x) t.t.N();
			} finally {
				Je();
			}
		}
	}
});
function H(e, t) {
	return new V(e, t);
}
function ot(e) {
	for (var t = e.s; t !== void 0; t = t.n) if (t.S.i !== t.i || !t.S.h() || t.S.i !== t.i) return !0;
	return !1;
}
function st(e) {
	for (var t = e.s; t !== void 0; t = t.n) {
		var n = t.S.n;
		if (n !== void 0 && (t.r = n), t.S.n = t, t.i = -1, t.n === void 0) {
			e.s = t;
			break;
		}
	}
}
function ct(e) {
	for (var t = e.s, n = void 0; t !== void 0;) {
		var r = t.p;
		t.i === -1 ? (t.S.U(t), r !== void 0 && (r.n = t.n), t.n !== void 0 && (t.n.p = r)) : n = t, t.S.n = t.r, t.r !== void 0 && (t.r = void 0), t = r;
	}
	e.s = n;
}
function lt(e, t) {
	V.call(this, void 0, t), this.x = e, this.s = void 0, this.g = it - 1, this.f = 4;
}
lt.prototype = new V(), lt.prototype.h = function() {
	if (this.f &= -3, 1 & this.f) return !1;
	if ((36 & this.f) == 32 || (this.f &= -5, this.g === it)) return !0;
	if (this.g = it, this.f |= 1, this.i > 0 && !ot(this)) return this.f &= -2, !0;
	var e = B;
	try {
		st(this), B = this;
		var t = this.x();
		(16 & this.f || this.v !== t || this.i === 0) && (this.v = t, this.f &= -17, this.i++);
	} catch (e) {
		this.v = e, this.f |= 16, this.i++;
	}
	return B = e, ct(this), this.f &= -2, !0;
}, lt.prototype.S = function(e) {
	if (this.t === void 0) {
		this.f |= 36;
		for (var t = this.s; t !== void 0; t = t.n) t.S.S(t);
	}
	V.prototype.S.call(this, e);
}, lt.prototype.U = function(e) {
	if (this.t !== void 0 && (V.prototype.U.call(this, e), this.t === void 0)) {
		this.f &= -33;
		for (var t = this.s; t !== void 0; t = t.n) t.S.U(t);
	}
}, lt.prototype.N = function() {
	if (!(2 & this.f)) {
		this.f |= 6;
		for (var e = this.t; e !== void 0; e = e.x) e.t.N();
	}
}, Object.defineProperty(lt.prototype, "value", { get: function() {
	if (1 & this.f) throw Error("Cycle detected");
	var e = at(this);
	if (this.h(), e !== void 0 && (e.i = this.i), 16 & this.f) throw this.v;
	return this.v;
} });
function ut(e, t) {
	return new lt(e, t);
}
function dt(e) {
	var t = e.j;
	if (e.j = void 0, typeof t == "function") {
		$e++;
		var n = B;
		B = void 0;
		try {
			t();
		} catch (t) {
			throw e.f &= -2, e.f |= 8, ft(e), t;
		} finally {
			B = n, Je();
		}
	}
}
function ft(e) {
	for (var t = e.s; t !== void 0; t = t.n) t.S.U(t);
	e.x = void 0, e.s = void 0, dt(e);
}
function pt(e) {
	if (B !== this) throw Error("Out-of-order effect");
	ct(this), B = e, this.f &= -2;
	try {
		8 & this.f && ft(this);
	} finally {
		Je();
	}
}
function mt(e, t) {
	this.x = e, this.j = void 0, this.s = void 0, this.u = void 0, this.f = 32, this.name = t?.name, Xe && Xe.push(this);
}
mt.prototype.c = function() {
	var e = this.S();
	try {
		if (8 & this.f || this.x === void 0) return;
		var t = this.x();
		typeof t == "function" && (this.j = t);
	} finally {
		e();
	}
}, mt.prototype.S = function() {
	if (1 & this.f) throw Error("Cycle detected");
	this.f |= 1, this.f &= -9, dt(this), st(this), $e++;
	var e = B;
	return B = this, pt.bind(this, e);
}, mt.prototype.N = function() {
	2 & this.f || (this.f |= 2, this.u = Qe, Qe = this);
}, mt.prototype.d = function() {
	this.f |= 8, 1 & this.f || ft(this);
}, mt.prototype.dispose = function() {
	this.d();
};
function ht(e, t) {
	var n = new mt(e, t);
	try {
		n.c();
	} catch (e) {
		throw n.d(), e;
	}
	var r = n.d.bind(n);
	return r[Symbol.dispose] = r, r;
}
// node_modules/@preact/signals/dist/signals.module.js
var gt, _t, vt, yt = typeof window < "u" && !!window.__PREACT_SIGNALS_DEVTOOLS__, bt = [], xt = [];
ht(function() {
	gt = this.N;
})();
function St(t, n) {
	e[t] = n.bind(null, e[t] || function() {});
}
function Ct(e) {
	if (vt) {
		var t = vt;
		vt = void 0, t();
	}
	vt = e && e.S();
}
function wt(e) {
	var t = this, r = e.data, i = Et(r);
	i.name = "ReactiveDom", i.value = r;
	var a = Fe(function() {
		for (var e = t, r = t.__v; r = r.__;) if (r.__c) {
			r.__c.__$f |= 4;
			break;
		}
		var a = ut(function() {
			var e = i.value.value;
			return e === 0 ? 0 : !0 === e ? "" : e || "";
		}), o = ut(function() {
			return !Array.isArray(a.value) && !n(a.value);
		}), s = ht(function() {
			if (this.N = Mt, o.value) {
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
wt.displayName = "ReactiveTextNode", Object.defineProperties(V.prototype, {
	constructor: {
		configurable: !0,
		value: b(S, null).constructor
	},
	type: {
		configurable: !0,
		value: wt
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
}), St("__b", function(e, t) {
	if (Ct(), _t = void 0, typeof t.type == "string") {
		var n, r = t.props;
		for (var i in r) if (i !== "children") {
			var a = r[i];
			a instanceof V && (n || (t.__np = n = {}), n[i] = a, r[i] = a.peek());
		}
	}
	e(t);
}), St("__r", function(e, t) {
	if (e(t), t.type !== S) {
		Ct();
		var n, r = t.__c;
		r && (r.__$f &= -2, (n = r.__$u) === void 0 && (r.__$u = n = function(e, t) {
			var n;
			return ht(function() {
				n = this;
			}, { name: t }), n.c = e, n;
		}(function(e) {
			return function() {
				var t;
				yt && ((t = this.y) == null || t.call(this)), e.__$f |= 1, e.setState({});
			};
		}(r), typeof t.type == "function" ? t.type.displayName || t.type.name : ""))), _t = r, Ct(n);
	}
}), St("__e", function(e, t, n, r) {
	Ct(), _t = void 0, e(t, n, r);
}), St("diffed", function(e, t) {
	Ct(), _t = void 0;
	var n;
	if (typeof t.type == "string" && (n = t.__e)) {
		var r = t.__np, i = t.props, a = n.U;
		if (a) for (var o in a) {
			var s = a[o];
			s === void 0 || r && o in r || (s.d(), a[o] = void 0);
		}
		if (r) for (var c in a || (a = {}, n.U = a), r) {
			var l = a[c], u = r[c];
			l === void 0 ? (l = Tt(n, c, u, i), a[c] = l) : l.o(u, i);
		}
	}
	e(t);
});
function Tt(e, t, n, r) {
	var i = t in e && e.ownerSVGElement === void 0, a = H(n);
	return {
		o: function(e, t) {
			a.value = e, r = t;
		},
		d: ht(function() {
			this.N = Mt;
			var n = a.value.value;
			r[t] !== n && (r[t] = n, i ? e[t] = n : n != null && (!1 !== n || t[4] === "-") ? e.setAttribute(t, n) : e.removeAttribute(t));
		})
	};
}
St("unmount", function(e, t) {
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
}), St("__h", function(e, t, n, r) {
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
function Et(e, t) {
	return Fe(function() {
		return H(e, t);
	}, []);
}
var Dt = typeof requestAnimationFrame > "u" ? setTimeout : function(e) {
	var t = function() {
		clearTimeout(n), cancelAnimationFrame(r), e();
	}, n = setTimeout(t, 35), r = requestAnimationFrame(t);
}, Ot = function(e) {
	queueMicrotask(function() {
		queueMicrotask(e);
	});
};
function kt() {
	Ye(function() {
		for (var e; e = bt.shift();) gt.call(e);
	});
}
function At() {
	bt.push(this) === 1 && (e.requestAnimationFrame || Dt)(kt);
}
function jt() {
	Ye(function() {
		for (var e; e = xt.shift();) gt.call(e);
	});
}
function Mt() {
	xt.push(this) === 1 && (e.requestAnimationFrame || Ot)(jt);
}
function Nt(e, t) {
	var n = R(e);
	n.current = e;
	var r = _t;
	L(function() {
		return ht(function() {
			if (this.N = At, !(r && 8 & r.__$f)) return n.current();
		}, t);
	}, []);
}
// src/state/filters.ts
var Pt = [
	"userId",
	"action",
	"resourceType",
	"resourceId",
	"success",
	"requestId",
	"sessionId",
	"ipAddress"
], Ft = [
	"userId",
	"action",
	"resourceType"
], It = {
	"1h": 1,
	"24h": 24,
	"7d": 168,
	"30d": 720,
	"90d": 2160
}, Lt = {
	kind: "preset",
	preset: "30d"
}, Rt = 36e5;
function zt(e, t) {
	switch (e.kind) {
		case "all": return {};
		case "fixed": return {
			startDate: e.start,
			endDate: (/* @__PURE__ */ new Date(Date.parse(e.end) - 1)).toISOString()
		};
		case "preset": return { startDate: (/* @__PURE__ */ new Date(t - It[e.preset] * Rt)).toISOString() };
	}
}
function Bt(e, t, n, r) {
	return {
		tenantId: e || void 0,
		...t,
		...zt(n, r)
	};
}
// src/state/navigation.ts
var Vt = {
	view: "trail",
	tenantId: "",
	filters: {},
	range: Lt,
	eventId: null
};
function Ht(e) {
	let t = new URLSearchParams();
	e.view !== Vt.view && t.set("view", e.view), e.tenantId && t.set("tenantId", e.tenantId);
	for (let n of Pt) {
		let r = e.filters[n];
		r !== void 0 && t.set(n, r);
	}
	let { range: n } = e;
	n.kind === "all" && t.set("range", "all"), n.kind === "fixed" && (t.set("startDate", n.start), t.set("endDate", n.end)), n.kind === "preset" && JSON.stringify(n) !== JSON.stringify(Vt.range) && t.set("range", n.preset), e.eventId !== null && t.set("event", e.eventId);
	let r = t.toString();
	return r && `?${r}`;
}
function Ut(e = {}) {
	let t = H({
		...Vt,
		...e
	});
	return {
		place: t,
		href: (e) => Ht({
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
var Wt = {
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
}, Gt = "prooftrail.preferences";
function Kt(e) {
	let t = H(Jt(e)), n = !0;
	return ht(() => {
		let r = JSON.stringify(t.value);
		n ? n = !1 : qt(e, r);
	}), t;
}
function qt(e, t) {
	try {
		e?.setItem(Gt, t);
	} catch {}
}
function Jt(e) {
	try {
		let t = JSON.parse(e?.getItem(Gt) ?? "{}");
		return {
			...Wt,
			...t
		};
	} catch {
		return Wt;
	}
}
// src/style/index.css?inline
var Yt = ":root,:host{--lightningcss-light:initial;--lightningcss-dark: ;color-scheme:light dark;--surface:var(--lightningcss-light,#fff)var(--lightningcss-dark,#14171c);--surface-raised:var(--lightningcss-light,#f6f7f9)var(--lightningcss-dark,#1b1f26);--surface-hover:var(--lightningcss-light,#eef1f5)var(--lightningcss-dark,#232933);--surface-selected:var(--lightningcss-light,#e3ecfb)var(--lightningcss-dark,#223250);--line:var(--lightningcss-light,#dde1e7)var(--lightningcss-dark,#2d343f);--line-strong:var(--lightningcss-light,#8a94a3)var(--lightningcss-dark,#6b7686);--text:var(--lightningcss-light,#1a1f27)var(--lightningcss-dark,#e6e9ee);--text-quiet:var(--lightningcss-light,#59636f)var(--lightningcss-dark,#a1abb9);--accent:var(--lightningcss-light,#1f5fbf)var(--lightningcss-dark,#7fb0ff);--accent-text:var(--lightningcss-light,#fff)var(--lightningcss-dark,#0d1420);--good:var(--lightningcss-light,#1a7340)var(--lightningcss-dark,#5fd08a);--good-surface:var(--lightningcss-light,#e5f4ea)var(--lightningcss-dark,#143222);--bad:var(--lightningcss-light,#b3261e)var(--lightningcss-dark,#ff8f85);--bad-surface:var(--lightningcss-light,#fcebe9)var(--lightningcss-dark,#401c1a);--warn:var(--lightningcss-light,#8a5300)var(--lightningcss-dark,#f0b429);--warn-surface:var(--lightningcss-light,#fdf3df)var(--lightningcss-dark,#3a2d10);--font:system-ui, -apple-system, \"Segoe UI\", Roboto, \"Noto Sans\", sans-serif;--font-mono:ui-monospace, SFMono-Regular, Menlo, Consolas, \"DejaVu Sans Mono\", monospace;--size-small:.75rem;--size:.8125rem;--size-large:1rem;--size-title:1.25rem;--space-1:.25rem;--space-2:.5rem;--space-3:.75rem;--space-4:1rem;--space-6:1.5rem;--radius:6px;--row-height:2.25rem}@media (prefers-color-scheme:dark){:root,:host{--lightningcss-light: ;--lightningcss-dark:initial}}:root[data-theme=light]{--lightningcss-light:initial;--lightningcss-dark: ;color-scheme:light}:root[data-theme=dark]{--lightningcss-light: ;--lightningcss-dark:initial;color-scheme:dark}*,:before,:after{box-sizing:border-box}body{background:var(--surface);color:var(--text);font:var(--size) / 1.5 var(--font);margin:0}h1,h2,h3{margin:0;font-weight:600;line-height:1.25}a{color:var(--accent)}button,input,select{font:inherit;color:inherit}button{cursor:pointer}code,pre{font-family:var(--font-mono)}:focus-visible{outline:2px solid var(--accent);outline-offset:1px}@media (prefers-reduced-motion:reduce){*,:before,:after{scroll-behavior:auto!important;transition:none!important;animation:none!important}}.skip{left:var(--space-2);padding:var(--space-2) var(--space-3);background:var(--surface);z-index:10;position:absolute;top:-3rem}.skip:focus{top:var(--space-2)}#console{flex-direction:column;height:100dvh;display:flex}.hidden{clip-path:inset(50%);white-space:nowrap;width:1px;height:1px;position:absolute;overflow:hidden}.bar{align-items:center;gap:var(--space-2) var(--space-4);padding:var(--space-2) var(--space-4);border-bottom:1px solid var(--line);background:var(--surface-raised);display:flex}.bar-name{align-items:baseline;gap:var(--space-2);min-width:0;display:flex}.bar-title{font-size:var(--size-large);white-space:nowrap}.bar-stack{min-width:0;max-width:16rem;color:var(--text-quiet);font-family:var(--font-mono);font-size:var(--size-small);text-overflow:ellipsis;white-space:nowrap;overflow:hidden}.bar-views{gap:var(--space-1);display:flex}.bar-views a{padding:var(--space-1) var(--space-3);border-radius:var(--radius);color:var(--text-quiet);text-decoration:none}.bar-views a:hover{background:var(--surface-hover)}.bar-views a[aria-current]{background:var(--surface-selected);color:var(--text);font-weight:600}.bar-tenant{align-items:center;gap:var(--space-2);min-width:0;margin-inline-start:auto;display:flex}.bar-label{color:var(--text-quiet)}.field{min-width:0;height:1.75rem;padding:0 var(--space-2);border:1px solid var(--line-strong);border-radius:var(--radius);background:var(--surface)}.field::placeholder{color:var(--text-quiet);opacity:1}.field:user-invalid{border-color:var(--bad)}.bar-tenant-input{width:11rem}@media (max-width:44rem){.bar{gap:var(--space-2);padding:var(--space-2) var(--space-3);grid-template-columns:minmax(0,1fr) auto;display:grid}.bar-name{grid-area:1/1}.bar-theme{grid-area:1/2}.bar-views{grid-area:2/1;gap:0}.bar-views a{padding-inline:var(--space-2)}.bar-tenant,.account{grid-area:2/2;justify-content:flex-end}.bar-tenant .bar-label{clip-path:inset(50%);width:1px;height:1px;position:absolute;overflow:hidden}.bar-tenant-input{width:8rem}}.content{outline:none;flex:1;min-height:0;overflow:auto}.button{min-height:1.75rem;padding:var(--space-1) var(--space-3);border:1px solid var(--line-strong);border-radius:var(--radius);background:var(--surface)}.button:hover{background:var(--surface-hover)}.state{align-items:center;gap:var(--space-1);max-width:36rem;padding:var(--space-6) var(--space-4);color:var(--text-quiet);text-align:center;overflow-wrap:anywhere;flex-direction:column;margin:0 auto;display:flex}.state p{margin:0}.state .state-title{color:var(--text);font-size:var(--size-large);font-weight:600}.state-loading{justify-content:center;gap:var(--space-2);flex-direction:row;animation:10ms .2s both state-appear}.state-spinner{border:2px solid var(--line);border-top-color:var(--accent);border-radius:50%;width:1rem;height:1rem;animation:.8s linear infinite state-turn}@keyframes state-appear{0%{visibility:hidden}}@keyframes state-turn{to{transform:rotate(1turn)}}.failure-sign{width:1.25rem;height:1.25rem;background:var(--bad-surface);color:var(--bad);font-size:var(--size);border-radius:50%;margin-inline-end:var(--space-2);line-height:1.25rem;display:inline-block}.failure-message{font-size:var(--size-small)}.failure-actions{justify-content:center;align-items:center;gap:var(--space-2) var(--space-3);margin-top:var(--space-2);flex-wrap:wrap;display:flex}.failure>.button{margin-top:var(--space-2)}.failure-countdown{font-variant-numeric:tabular-nums}.untrusted{white-space:pre-wrap;overflow-wrap:anywhere}.untrusted-line{white-space:pre}.untrusted-sign{background:var(--warn-surface);color:var(--warn);font:.9em var(--font-mono);border-radius:3px;padding:0 1px}.untrusted-steps{align-items:center;gap:var(--space-1) var(--space-2);margin-top:var(--space-1);color:var(--text-quiet);font:var(--size-small) / 1.5 var(--font);flex-wrap:wrap;display:flex}.untrusted-steps button,.copy-button{min-height:1.5rem;padding:0 var(--space-2);border:1px solid var(--line);border-radius:var(--radius);background:var(--surface-raised);color:var(--text);font-size:var(--size-small)}.untrusted-steps button:hover,.copy-button:hover{border-color:var(--line-strong);background:var(--surface-hover)}mark{background:var(--warn-surface);color:var(--warn);border-radius:2px;text-decoration:underline}.copy{align-items:center;gap:var(--space-1);flex-wrap:wrap;display:inline-flex;position:relative}.copy-button{align-items:center;gap:var(--space-1);display:inline-flex}.copy-button[data-state=copied]{color:var(--good)}.copy-icon{fill:none;stroke:currentColor;width:.75rem;height:.75rem}.copy-status{clip-path:inset(50%);white-space:nowrap;width:1px;height:1px;position:absolute;overflow:hidden}.copy-refused{z-index:3;gap:var(--space-1);width:16rem;padding:var(--space-2);border:1px solid var(--line-strong);border-radius:var(--radius);background:var(--surface);font-size:var(--size-small);flex-direction:column;display:flex;position:absolute;top:calc(100% + 2px);left:0}.copy-refused textarea{border:1px solid var(--line);background:var(--surface);width:100%;color:inherit;font:var(--size-small) / 1.4 var(--font-mono)}.toolbar{z-index:2;gap:var(--space-1);padding:var(--space-2) var(--space-4) 0;border-bottom:1px solid var(--line);background:var(--surface);flex-direction:column;display:flex;position:relative;container-type:inline-size}.toolbar-row{align-items:center;gap:var(--space-2);flex-wrap:wrap;display:flex}.toolbar-fold{display:none}.toolbar-hidden{clip-path:inset(50%);white-space:nowrap;width:1px;height:1px;position:absolute;overflow:hidden}.toolbar-hint,.toolbar-form-hint,.toolbar-form-problem{color:var(--text-quiet);font-size:var(--size-small);margin:0}.toolbar-form-problem{color:var(--bad)}.toolbar-button,.toolbar-button-main,.toolbar-button-quiet{min-height:1.75rem;padding:0 var(--space-3);border:1px solid var(--line);border-radius:var(--radius);background:var(--surface-raised);white-space:nowrap}.toolbar-button:hover,.toolbar-button[aria-expanded=true]{border-color:var(--line-strong);background:var(--surface-hover)}.toolbar-button:disabled{color:var(--text-quiet);cursor:default}.toolbar-button-main{border-color:var(--accent);background:var(--accent);color:var(--accent-text)}.toolbar-button-quiet{padding:0 var(--space-1);color:var(--accent);background:0 0;border-color:#0000}.toolbar-button-quiet:hover{text-decoration:underline}.toolbar-disclosure{min-width:0;display:inline-flex;position:relative}.toolbar-disclosure-panel{top:calc(100% + var(--space-1));z-index:5;width:22rem;max-width:calc(100cqw - var(--space-4));padding:var(--space-3);border:1px solid var(--line-strong);border-radius:var(--radius);background:var(--surface);position:absolute;left:0;box-shadow:0 6px 24px #0003}.toolbar-form{align-items:center;gap:var(--space-2) var(--space-3);grid-template-columns:auto 1fr;display:grid}.toolbar-form label{color:var(--text-quiet)}.toolbar-form input,.toolbar-form select{width:100%;min-width:0;min-height:2rem;padding:0 var(--space-2);border:1px solid var(--line-strong);border-radius:var(--radius);background:var(--surface)}.toolbar-form [aria-invalid=true]{border-color:var(--bad)}.toolbar-form-hint,.toolbar-form-problem{grid-column:1/-1}.toolbar-form-buttons{gap:var(--space-2);grid-column:1/-1;margin:0;display:flex}.toolbar-chips{align-items:center;gap:var(--space-1) var(--space-2);flex-wrap:wrap;flex:14rem;min-width:0;display:flex}.toolbar-chip{border:1px solid var(--line);border-radius:var(--radius);background:var(--surface-selected);max-width:100%;display:inline-flex}.toolbar-chip-invalid{border-color:var(--bad);background:var(--bad-surface)}.toolbar-chip-edit{gap:var(--space-1);min-width:0;min-height:1.625rem;padding:0 0 0 var(--space-2);border-radius:var(--radius) 0 0 var(--radius);white-space:nowrap;background:0 0;border:0;align-items:center;display:inline-flex}.toolbar-chip-name{color:var(--text-quiet)}.toolbar-chip-value{text-overflow:ellipsis;max-width:16rem;font-weight:600;overflow:hidden}.toolbar-chip-problem{color:var(--bad)}.toolbar-chip-remove{border-radius:0 var(--radius) var(--radius) 0;min-width:1.625rem;color:var(--text-quiet);background:0 0;border:0;padding:0}.toolbar-chip-edit:hover,.toolbar-chip-remove:hover{background:var(--surface-hover);color:var(--text)}.toolbar-segments{border:1px solid var(--line);border-radius:var(--radius);background:var(--surface-raised);flex-wrap:wrap;display:flex}.toolbar-segments>button,.toolbar-segments>.toolbar-disclosure>button{border-radius:calc(var(--radius) - 1px);white-space:nowrap;background:0 0;border:0;min-height:1.625rem;padding:0 .625rem}.toolbar-segments>button:hover,.toolbar-segments>.toolbar-disclosure>button:hover{background:var(--surface-hover)}.toolbar-segments>button[aria-pressed=true],.toolbar-segments>.toolbar-disclosure>button[aria-pressed=true]{background:var(--accent);color:var(--accent-text);font-weight:600}.toolbar-export-menu{gap:var(--space-2);display:grid}.toolbar-export-menu hr{border:0;border-top:1px solid var(--line);width:100%;margin:0}.toolbar-export-menu>.toolbar-button{text-align:left}.toolbar-export-status{justify-content:space-between;align-items:center;gap:var(--space-3);display:flex}.toolbar-export-status:not(:empty){margin-bottom:var(--space-2);padding:var(--space-1) var(--space-1) var(--space-1) var(--space-3);border-radius:var(--radius);background:var(--surface-raised)}.toolbar-export-status[data-kind=done]{background:var(--good-surface)}.toolbar-export-status[data-kind=failed]{background:var(--bad-surface)}.toolbar-histogram-legend{align-items:center;gap:0 var(--space-3);min-height:1.5rem;font-size:var(--size-small);font-variant-numeric:tabular-nums;flex-wrap:wrap;margin:0;display:flex}.toolbar-histogram-legend .toolbar-button-quiet{min-height:1.5rem}.toolbar-histogram-events{font-weight:600}.toolbar-histogram-quiet,.toolbar-histogram-ignored{color:var(--text-quiet)}.toolbar-histogram-key:before{width:.75rem;height:.75rem;margin-right:var(--space-1);content:\"\";vertical-align:-1px;border-radius:2px;display:inline-block}.toolbar-histogram-key-successful:before{background:color-mix(in srgb, var(--accent) 75%, var(--surface))}.toolbar-histogram-key-failed:before{background:repeating-linear-gradient(135deg, var(--bad) 0 3px, var(--surface) 3px 4.5px)}.toolbar-histogram-canvas{border-top:0 solid var(--line);outline:0 solid var(--bad);background:var(--surface);height:4.5rem;caret-color:var(--text-quiet);color:color-mix(in srgb, var(--accent) 75%, var(--surface));overflow:hidden}.toolbar-histogram[aria-busy=true] .toolbar-histogram-canvas{opacity:.5}.toolbar-histogram-failure{justify-content:space-between;align-items:center;gap:var(--space-3);min-height:3rem;margin-bottom:var(--space-2);padding:var(--space-1) var(--space-2) var(--space-1) var(--space-3);border-radius:var(--radius);background:var(--bad-surface);overflow-wrap:anywhere;display:flex}.toolbar-histogram-canvas .u-wrap{-webkit-user-select:none;user-select:none;position:relative}.toolbar-histogram-canvas :is(.u-over,.u-under,.u-select,.u-axis){position:absolute}.toolbar-histogram-canvas .u-over{cursor:crosshair}.toolbar-histogram-canvas .u-under{overflow:hidden}.toolbar-histogram-canvas canvas{width:100%;height:100%;display:block;position:relative}.toolbar-histogram-canvas .u-select{border:solid var(--accent);background:color-mix(in srgb, var(--accent) 20%, transparent);pointer-events:none;border-width:0 1px}.toolbar-histogram-canvas :is(.u-cursor-x,.u-cursor-y){pointer-events:none;position:absolute;top:0;left:0}.toolbar-histogram-canvas .u-cursor-x{border-right:1px dashed var(--line-strong);height:100%}.toolbar-histogram-canvas .u-off{display:none}@container (width<=44rem){.toolbar-fold{text-align:left;text-overflow:ellipsis;display:block;overflow:hidden}.toolbar-row{display:none}.toolbar-row-open{display:flex}.toolbar-chips,.toolbar-segments{flex-basis:100%}.toolbar-segments>button,.toolbar-segments>.toolbar-disclosure>button{flex:1 0 auto;padding:0 .375rem}.toolbar-histogram-canvas{height:3.5rem}}.trail{flex-direction:column;height:100%;display:flex;container:trail/inline-size}.trail-body{flex:1;min-height:0;display:flex;position:relative}.trail-event{border-inline-start:1px solid var(--line);outline-offset:-2px;flex:0 0 clamp(26rem,46%,52rem);min-width:0;overflow:auto}kbd{padding:0 var(--space-1);border:1px solid var(--line-strong);font:var(--size-small) / 1.4 var(--font-mono);border-radius:3px}@container trail (width<900px){.trail[data-open] .trail-toolbar{display:none}.trail[data-open] .list{visibility:hidden}.trail-event{background:var(--surface);border:0;position:absolute;inset:0}}.list{flex-direction:column;flex:1;min-width:0;display:flex}.list-bar{justify-content:flex-end;align-items:center;gap:var(--space-1) var(--space-2);min-height:2.5rem;padding:var(--space-1) var(--space-4);border-bottom:1px solid var(--line);flex-wrap:wrap;display:flex}.list-count{color:var(--text-quiet);font-variant-numeric:tabular-nums}.list-count b{color:var(--text);font-weight:600}.list-space{flex:1}.list-button{min-height:1.75rem;padding:0 var(--space-2);border-radius:var(--radius);color:var(--text-quiet);background:0 0;border:1px solid #0000}.list-button:hover:not(:disabled){background:var(--surface-hover);color:var(--text)}.list-button:disabled{cursor:default}.list-button option{background:var(--surface);color:var(--text)}.list-fresh{background:var(--accent);color:var(--accent-text);font-variant-numeric:tabular-nums;border-radius:1rem;font-weight:600}.list-fresh:hover:not(:disabled){background:var(--accent);color:var(--accent-text);text-decoration:underline}.list-dot{width:.5rem;height:.5rem;border:1.5px solid var(--line-strong);border-radius:50%;margin-inline-end:var(--space-1);display:inline-block}.list-live[aria-pressed=true]{border-color:var(--good);color:var(--text)}.list-live[aria-pressed=true] .list-dot{border-color:var(--good);background:var(--good);animation:2s ease-in-out infinite list-pulse}.list-live[data-status=waiting] .list-dot{border-color:var(--warn);background:var(--warn);animation:none}@keyframes list-pulse{50%{opacity:.35}}.list-scroller{--list-row:var(--row-height);overflow-anchor:none;flex:1;min-height:0;position:relative;overflow:auto}.list-grid,.list-skeleton{min-width:var(--list-width)}.list-probe{visibility:hidden;width:0;height:var(--list-row);position:absolute}.list-head{z-index:1;border-bottom:1px solid var(--line);background:var(--surface-raised);position:sticky;top:0}.list-head-row,.list-row,.list-row-bones{grid-template-columns:var(--list-tracks);align-items:center;column-gap:1rem;padding:0 1rem;display:grid}.list-head-row{height:2rem;color:var(--text-quiet);font-size:var(--size-small);font-weight:600}.list-zone{margin-inline-start:var(--space-2);font-weight:400}.list-body{contain:strict;position:relative}.list-row{width:100%;height:var(--list-row);border-bottom:1px solid var(--line);cursor:pointer;contain:strict;position:absolute;top:0;left:0}.list-row:hover{background:var(--surface-hover)}.list-row:focus-visible{outline-offset:-2px}.list-row[data-kind=bad]{box-shadow:inset 3px 0 var(--bad)}.list-row[data-kind=unreadable]{background:var(--warn-surface);box-shadow:inset 3px 0 var(--warn)}.list-row[data-fresh]{animation:2s ease-out list-arrive}@keyframes list-arrive{0%{background:var(--good-surface)}}.list-row[aria-selected=true]{background:var(--surface-selected)}.list-cell{text-overflow:ellipsis;white-space:nowrap;min-width:0;overflow:hidden}.list-cell-time,.list-cell-received{color:var(--text-quiet);font-variant-numeric:tabular-nums}.list-quiet{color:var(--text-quiet)}.list-code{font-family:var(--font-mono);font-size:var(--size-small)}.list-link{color:inherit;font-weight:500;text-decoration:none}.list-row:hover .list-link{text-decoration:underline;-webkit-text-decoration-color:var(--line-strong);text-decoration-color:var(--line-strong);text-underline-offset:3px}.list-outcome{color:var(--text-quiet)}.list-outcome>[aria-hidden]{color:var(--good)}.list-outcome-bad,.list-outcome-bad>[aria-hidden]{color:var(--bad);font-weight:600}.list-broken{grid-column:1/-1;gap:1rem;display:flex}.list-broken time{color:var(--text-quiet)}.list-broken .list-link{color:var(--warn);text-overflow:ellipsis;overflow:hidden}.list-hidden{clip-path:inset(50%);white-space:nowrap;width:1px;height:1px;position:absolute;overflow:hidden}.list-row-bones{height:var(--list-row);border-bottom:1px solid var(--line)}.list-bone{background:var(--surface-hover);border-radius:3px;width:70%;height:.625rem;animation:.2s .15s both list-appear}@keyframes list-appear{0%{opacity:0}}.list-foot{align-items:center;gap:var(--space-2);min-height:3rem;padding:var(--space-3) var(--space-4);color:var(--text-quiet);text-align:center;flex-direction:column;margin:0;display:flex}.list-foot p{margin:0}.list-foot .state{padding:0}.list-actions{justify-content:center;gap:var(--space-2);padding-top:var(--space-2);flex-wrap:wrap;display:flex}.list-compact{--list-row:3.25rem}.list-compact .list-head{clip-path:inset(50%);width:1px;height:1px;position:absolute;overflow:hidden}.list-compact .list-row{flex-direction:column;justify-content:center;align-items:stretch;display:flex}.list-compact .list-row-bones{grid-template-columns:1fr 2fr 1fr}.list-line{gap:var(--space-2);min-width:0;display:flex}.list-line .list-cell{flex:0 auto}.list-line .list-cell-outcome{flex:none}.list-compact .list-outcome:not(.list-outcome-bad)>.list-word{clip-path:inset(50%);width:1px;position:absolute;overflow:hidden}.list-line .list-cell-time{flex:none;margin-inline-start:auto}.list-line+.list-line{color:var(--text-quiet);font-size:var(--size-small)}.list-menu{padding:var(--space-2);border:1px solid var(--line-strong);border-radius:var(--radius);background:var(--surface-raised);color:var(--text);margin:0;inset:auto}.list-choice{grid-template-columns:minmax(9rem,1fr) 1.75rem 1.75rem;align-items:center;min-height:1.75rem;display:grid}.list-choice label{align-items:center;gap:var(--space-2);min-height:1.75rem;display:flex}.list-choice input{margin:0}.list-choice button{border-radius:var(--radius);background:0 0;border:0;min-height:1.5rem}.list-choice button:hover:not(:disabled){background:var(--surface-hover)}.list-choice button:disabled{opacity:.35;cursor:default}.list-keys{min-width:18rem;padding:var(--space-4);border:1px solid var(--line-strong);border-radius:var(--radius);background:var(--surface-raised);color:var(--text)}.list-keys::backdrop{background:#0006}.list-keys dl>div{padding:var(--space-1) 0;grid-template-columns:4rem 1fr;display:grid}.list-keys dd{margin:0}.list-keys .button{margin:var(--space-4) 0 0 auto;display:block}.event{background:var(--surface);min-width:0;min-height:100%;container:event/inline-size}.event-header{z-index:2;padding:var(--space-3) var(--space-4) var(--space-2);border-bottom:1px solid var(--line);background:var(--surface-raised);position:sticky;top:0}.event-title{align-items:center;gap:var(--space-3);display:flex}.event-title h2{min-width:0;font-size:var(--size-title);text-overflow:ellipsis;white-space:nowrap;overflow:hidden}.event-close{border-radius:var(--radius);background:0 0;border:1px solid #0000;flex:none;width:2rem;height:2rem;margin-left:auto}.event-close:hover{background:var(--surface-hover)}.event-back{gap:var(--space-1);min-height:1.5rem;margin-bottom:var(--space-1);align-items:center;text-decoration:none;display:none}.event-actions{gap:var(--space-2);margin-top:var(--space-2);flex-wrap:wrap;display:flex}.event-outcome{padding:1px var(--space-2);background:var(--good-surface);color:var(--good);font-size:var(--size-small);white-space:nowrap;border-radius:1rem;flex:none;font-weight:600}.event-outcome[data-success=false]{background:var(--bad-surface);color:var(--bad)}.event-section{border-bottom:1px solid var(--line)}.event-section>summary{align-items:center;gap:var(--space-2);padding:var(--space-2) var(--space-4);cursor:pointer;list-style:none;display:flex}.event-section>summary::-webkit-details-marker{display:none}.event-section>summary:before{border:solid var(--text-quiet);content:\"\";border-width:0 1.5px 1.5px 0;width:.4rem;height:.4rem;transform:rotate(-45deg)}.event-section[open]>summary:before{transform:translateY(-.1rem)rotate(45deg)}.event-section>summary:hover{background:var(--surface-hover)}.event-section>summary:focus-visible{outline-offset:-2px}.event-section h3{font-size:var(--size)}.event-content{padding:0 var(--space-4) var(--space-3)}.event-note,.event-quiet,.event-why{color:var(--text-quiet)}.event-note,.event-why{font-size:var(--size-small)}.event-why,.event-gap,.event-content>p{margin:0}.event-content>p{margin-bottom:var(--space-2)}.event-gap{width:-moz-fit-content;width:fit-content;margin-top:var(--space-1);padding:0 var(--space-2);border-radius:var(--radius);background:var(--warn-surface);color:var(--warn)}.event-group{gap:var(--space-2);padding:var(--space-1) 0;grid-template-columns:4.5rem minmax(0,1fr);display:grid}.event-group+.event-group{border-top:1px solid var(--line)}.event-group h4{color:var(--text-quiet);font-size:var(--size-small);margin:0;padding:2px 0;font-weight:600;line-height:1.625}.event-group dl{margin:0}.event-fact{gap:var(--space-2);grid-template-columns:6.5rem minmax(0,1fr);padding:2px 0;display:grid}.event-fact dt{color:var(--text-quiet)}.event-fact dd{justify-content:space-between;gap:0 var(--space-2);flex-wrap:wrap;min-width:0;margin:0;display:flex}.event-value{overflow-wrap:anywhere;min-width:0;max-width:100%;overflow:clip}.event-code{font-family:var(--font-mono);font-size:var(--size-small)}.event-instant{color:var(--text-quiet);white-space:nowrap;display:inline-block}.event-pivot{min-height:1.5rem;padding:2px var(--space-2);border-radius:var(--radius);font-size:var(--size-small);white-space:nowrap;flex:none;margin:-2px 0;text-decoration:none}.event-pivot:hover{background:var(--surface-hover);text-decoration:underline}.event-tools{align-items:center;gap:var(--space-2);margin-bottom:var(--space-2);flex-wrap:wrap;display:flex}.event-search{min-width:0;min-height:1.75rem;padding:0 var(--space-2);border:1px solid var(--line-strong);border-radius:var(--radius);background:var(--surface);flex:11rem}.event-search::placeholder{color:var(--text-quiet);opacity:1}.event-tools button,.event-more{min-height:1.75rem;padding:0 var(--space-2);border:1px solid var(--line);border-radius:var(--radius);background:var(--surface-raised);font-size:var(--size-small)}.event-tools button:hover,.event-more:hover{border-color:var(--line-strong);background:var(--surface-hover)}.event-more{margin-top:var(--space-2)}.event-json{margin-top:var(--space-2);padding:var(--space-2);border:1px solid var(--line);border-radius:var(--radius);background:var(--surface-raised);font:var(--size-small) / 1.5 var(--font-mono);overflow:clip}.event-reasons,.event-unreadable{max-width:36rem;margin:var(--space-2) auto;padding:0 var(--space-4)}.event-unreadable{margin:var(--space-4);padding:var(--space-3) var(--space-4);border:1px solid var(--bad);border-radius:var(--radius);background:var(--bad-surface)}.event-unreadable h3{color:var(--bad)}.tree{margin:0;padding:0;list-style:none}.tree,.diff{font:var(--size-small) / 1.5 var(--font-mono)}.tree-row,.diff-row{--indent:0}.tree-row{min-height:1.5rem;padding:2px 0 2px calc(var(--indent) * .9rem + 1rem);overflow-wrap:anywhere;overflow:clip}.tree-row:hover{background:var(--surface-hover)}[data-depth=\"1\"]{--indent:1}[data-depth=\"2\"]{--indent:2}[data-depth=\"3\"]{--indent:3}[data-depth=\"4\"]{--indent:4}[data-depth=\"5\"]{--indent:5}[data-depth=\"6\"]{--indent:6}[data-depth=\"7\"]{--indent:7}[data-depth=\"8\"]{--indent:8}[data-depth=\"9\"]{--indent:9}[data-depth=\"10\"]{--indent:10}.tree-key{color:var(--text);font:inherit;font-weight:600}.tree-key .untrusted-line{white-space:pre-wrap}button.tree-key{min-height:1.5rem;padding:0 var(--space-1) 0 0;overflow-wrap:anywhere;text-align:left;background:0 0;border:0;border-radius:3px;margin-left:-1rem}button.tree-key .event-quiet{font-weight:400}button.diff-fold{color:var(--text-quiet);font-weight:400}.tree-sign{width:1rem;color:var(--text-quiet);display:inline-block}.tree-value[data-type=other]{color:var(--accent)}.diff{border:1px solid var(--line);border-radius:var(--radius);overflow:clip}.diff-row{grid-template-columns:minmax(0,1fr) minmax(0,1fr);display:grid}.diff-row+.diff-row{border-top:1px solid var(--line)}.diff-head{background:var(--surface-raised);color:var(--text-quiet);font:600 var(--size-small) / 1.5 var(--font)}.diff-head>*{padding:2px var(--space-2)}.diff-row>:nth-child(2){border-left:1px solid var(--line)}.diff-cell{min-width:0;padding:2px var(--space-2) 2px calc(var(--indent) * .75rem + var(--space-1));display:flex}.diff-cell[data-sign=−]{background:var(--bad-surface)}.diff-cell[data-sign=\\+]{background:var(--good-surface)}.diff-sign{text-align:center;flex:none;width:1rem;font-weight:700}[data-sign=−] .diff-sign{color:var(--bad)}[data-sign=\\+] .diff-sign{color:var(--good)}.diff-value{overflow-wrap:anywhere;min-width:0;overflow:clip}.diff-empty{background:var(--surface-raised)}.diff-wide{padding:2px var(--space-2) 2px calc(var(--indent) * .75rem + var(--space-1) + 1rem);background:var(--surface-raised);grid-column:1/-1}@container event (width<26rem){.event-group{grid-template-columns:minmax(0,1fr);gap:0}.diff-head{display:none}.diff-row{grid-template-columns:minmax(0,1fr)}.diff-row>:nth-child(2){border-left:0}.diff-empty,.diff-cell[data-sign=\"\"]+.diff-cell[data-sign=\"\"]{display:none}}@container trail (width<900px){.event-back{display:inline-flex}.event-close{display:none}}.event .verified{margin:var(--space-3) var(--space-4) var(--space-1)}.verified{gap:var(--space-3);padding:var(--space-4);display:grid;container-type:inline-size}.verified p{margin:0}.verified-quiet{color:var(--text-quiet)}.verified-result{gap:var(--space-1);padding:var(--space-3);border:1px solid var(--line);border-radius:var(--radius);background:var(--surface-raised);border-left-width:4px;display:grid}.verified-result[data-verdict=verified]{border-color:var(--good);background:var(--good-surface)}.verified-result[data-verdict=refuted]{border:3px solid var(--bad);background:var(--bad-surface)}.verified-result[data-verdict=unproved]{border-color:var(--warn);background:var(--warn-surface)}.verified-verdict{align-items:center;gap:var(--space-2);font-size:var(--size-large);font-weight:600;display:flex}.verified-result[data-verdict=verified] .verified-verdict{color:var(--good)}.verified-result[data-verdict=refuted] .verified-verdict{color:var(--bad);font-size:var(--size-title)}.verified-result[data-verdict=unproved] .verified-verdict{color:var(--warn)}.verified-sign{text-align:center;flex:none;width:1.25em;font-weight:700}.verified-summary{gap:0 var(--space-4);font-size:var(--size-small);flex-wrap:wrap;margin:0;display:flex}.verified-summary>div{gap:var(--space-2);display:flex}.verified-summary dt{color:var(--text-quiet)}.verified-summary dd{overflow-wrap:anywhere;font-variant-numeric:tabular-nums;margin:0}.verified-more>summary{padding:var(--space-1) 0;cursor:pointer;font-weight:600}.verified-count{color:var(--text-quiet);font-variant-numeric:tabular-nums;margin-inline-start:var(--space-2);font-weight:400}.verified-more>:not(summary){margin-top:var(--space-3)}.verified-more>.verified-steps{margin:var(--space-1) 0 0;padding:0;list-style:none}.verified-step{gap:var(--space-2);padding:var(--space-2) 0;border-top:1px solid var(--line);grid-template-columns:1.25rem minmax(0,1fr);display:grid}.verified-step-head{justify-content:space-between;gap:var(--space-3);display:flex}.verified-state{color:var(--text-quiet);font-size:var(--size-small);flex:none}.verified-step[data-state=passed] .verified-sign{color:var(--good)}.verified-step[data-state=failed] :is(.verified-sign,.verified-state,.verified-problem){color:var(--bad);font-weight:600}.verified-step[data-state=notPossible] .verified-sign,.verified-problem{color:var(--text-quiet)}.verified-facts{gap:0 var(--space-3);margin:var(--space-1) 0 0;font-size:var(--size-small);grid-template-columns:9rem minmax(0,1fr);display:grid}.verified-facts dt{color:var(--text-quiet);overflow-wrap:anywhere}.verified-facts dd{overflow-wrap:anywhere;margin:0}.verified-difference{gap:0 var(--space-2);grid-template-columns:max-content minmax(0,1fr);display:grid}.verified-difference>span{color:var(--text-quiet)}.verified-trust{justify-items:start;gap:var(--space-2);display:grid}.verified-trust p{color:var(--text-quiet)}.verified-actions{align-items:center;gap:var(--space-2);flex-wrap:wrap;display:flex}.verified-actions .copy-button{min-height:1.75rem}@container (width<=30rem){.verified-facts{grid-template-columns:minmax(0,1fr)}.verified-facts dd{margin-bottom:var(--space-1)}}.statistics{gap:var(--space-4);max-width:100rem;padding:var(--space-3) var(--space-4) var(--space-6);flex-direction:column;margin:0 auto;display:flex;container-type:inline-size}.statistics-controls{align-items:center;gap:var(--space-2);flex-wrap:wrap;display:flex}.statistics-chip{align-items:center;gap:var(--space-1);max-width:100%;border:1px solid var(--line);border-radius:var(--radius);background:var(--surface-selected);white-space:nowrap;padding-inline-start:var(--space-2);display:inline-flex;overflow:hidden}.statistics-chip bdi{text-overflow:ellipsis;overflow:hidden}.statistics-chip button{background:0 0;border:0;min-width:1.625rem;min-height:1.625rem;padding:0}.statistics-chip button:hover{background:var(--surface-hover)}.statistics-reload{min-width:7rem;margin-inline-start:auto}.statistics-ignored{color:var(--warn);flex-basis:100%;margin:0}.statistics-results{gap:var(--space-6);flex-direction:column;display:flex}.statistics-stale{cursor:progress}.statistics-range{margin:0 0 calc(-1 * var(--space-4));color:var(--text-quiet);font-size:var(--size-small)}.statistics h2{font-size:var(--size)}.statistics-empty-links{gap:var(--space-4);padding-top:var(--space-2);display:flex}.totals-cards{border:1px solid var(--line);border-radius:var(--radius);grid-template-columns:repeat(4,minmax(0,1fr));display:grid}.card{min-width:0;padding:var(--space-3) var(--space-4)}.card+.card{border-inline-start:1px solid var(--line)}.statistics .card-label{color:var(--text-quiet);font-weight:400}.card-label a{color:inherit}.card-value,.card-change,.totals-before{margin:0}.card-value{font-variant-numeric:tabular-nums;font-size:1.5rem;font-weight:600;line-height:1.4}.card-change{color:var(--text-quiet);font-size:var(--size-small)}.card-change [data-mark=bad]{color:var(--bad)}.card-change [data-mark=good]{color:var(--good)}.totals-before{min-height:1.5rem;padding-top:var(--space-1);color:var(--text-quiet);font-size:var(--size-small)}.totals-before .button{margin-inline-start:var(--space-2)}.series-head{min-height:1.75rem;padding-bottom:var(--space-1);justify-content:space-between;align-items:center;display:flex}.series-intervals{display:flex}.series-interval{min-height:1.625rem;padding:0 var(--space-3);border:1px solid var(--line-strong);background:var(--surface)}.series-interval:first-child{border-radius:var(--radius) 0 0 var(--radius)}.series-interval:last-child{border-radius:0 var(--radius) var(--radius) 0;border-inline-start:0}.series-interval[aria-pressed=true]{background:var(--surface-selected);font-weight:600}.chart{margin:0}.chart .toolbar-histogram-canvas{height:13rem}.chart-legend{gap:var(--space-1) var(--space-4);min-height:1.25rem;font-size:var(--size-small);flex-wrap:wrap;padding-inline-start:40px;display:flex}.chart-key{font-variant-numeric:tabular-nums}.chart-hint{color:var(--text-quiet);margin-inline-start:auto}.series-table summary{width:-moz-fit-content;width:fit-content;min-height:1.5rem;color:var(--accent);cursor:pointer}.series-table table{border-collapse:collapse;font-variant-numeric:tabular-nums;width:100%;max-width:44rem}.series-table th,.series-table td{padding:.15rem var(--space-2);border-bottom:1px solid var(--line);text-align:end;font-weight:400}.series-table thead th{color:var(--text-quiet)}.series-table th:first-child{text-align:start;padding-inline-start:0}.statistics-breakdowns{align-items:start;gap:var(--space-6);grid-template-columns:repeat(3,minmax(0,1fr));display:grid}.statistics-breakdowns>*{min-width:0}.statistics .breakdown-title{padding-bottom:var(--space-1);border-bottom:1px solid var(--line)}.breakdown-count{color:var(--text-quiet);font-weight:400}.breakdown-note{margin:var(--space-1) 0;color:var(--text-quiet);font-size:var(--size-small)}.breakdown-rows{margin:0;padding:0;list-style:none}.breakdown>.button{margin-top:var(--space-2)}.breakdown-row{gap:0 var(--space-2);padding:var(--space-1) var(--space-1) .375rem;border-radius:var(--radius);color:var(--text);grid-template-columns:minmax(0,1fr) auto 3.25rem;text-decoration:none;display:grid}a.breakdown-row:hover{background:var(--surface-hover)}a.breakdown-row:hover .breakdown-name{text-decoration:underline}.breakdown-name{text-overflow:ellipsis;white-space:nowrap;overflow:hidden}.breakdown-number,.breakdown-share{font-variant-numeric:tabular-nums;text-align:end}.breakdown-share{color:var(--text-quiet)}.breakdown-track{background:var(--surface-raised);border-radius:3px;grid-area:2/1/auto/-1;height:.375rem}.breakdown-bar{background:var(--accent);border-radius:3px;min-width:2px;height:100%;display:block}.statistics-user{align-items:center;gap:var(--space-2);padding-top:var(--space-3);flex-wrap:wrap;display:flex}.statistics-user .field{flex:8rem}@container (width<=56rem){.statistics-breakdowns{grid-template-columns:repeat(2,minmax(0,1fr))}}@container (width<=36rem){.totals-cards,.statistics-breakdowns{grid-template-columns:minmax(0,1fr)}.totals-cards{grid-template-columns:repeat(2,minmax(0,1fr))}.card:nth-child(odd){border-inline-start:0}.card:nth-child(n+3){border-top:1px solid var(--line)}}.health{gap:var(--space-6);max-width:76rem;padding:var(--space-4) var(--space-4) var(--space-6);flex-direction:column;margin:0 auto;display:flex;container-type:inline-size}.health-head{align-items:center;gap:var(--space-2) var(--space-4);flex-wrap:wrap;display:flex}.health-summary{align-items:center;gap:var(--space-2) var(--space-3);font-size:var(--size-title);display:flex}.health-time{color:var(--text-quiet);font-size:var(--size-small);margin:0 0 0 auto}.health-section h3{padding-bottom:var(--space-1);border-bottom:1px solid var(--line);font-size:var(--size)}.health-note{margin:var(--space-2) 0 0;color:var(--text-quiet);font-size:var(--size-small)}.health-findings{margin:0;padding:0;list-style:none}.health-finding{align-items:baseline;gap:0 var(--space-6);padding:var(--space-2) 0;border-bottom:1px solid var(--line);grid-template-columns:5rem 10rem 8rem minmax(0,1fr);display:grid}.health-title{margin:0;font-weight:600}.health-value{font-size:var(--size-large);font-variant-numeric:tabular-nums;text-align:end;font-weight:600}.health-words p{margin:0}.health-words .health-rule{color:var(--text-quiet);font-size:var(--size-small)}.health-state{align-items:center;gap:var(--space-1);width:-moz-fit-content;width:fit-content;padding:0 var(--space-2) 0 var(--space-1);font-size:var(--size-small);border-radius:1rem;flex:none;font-weight:600;line-height:1.5rem;display:inline-flex}.health-sign{text-align:center;width:1rem;display:inline-block}.health-state[data-state=fine]{background:var(--good-surface);color:var(--good)}.health-state[data-state=look]{background:var(--warn-surface);color:var(--warn)}.health-state[data-state=wrong]{background:var(--bad-surface);color:var(--bad)}.health-facts{gap:var(--space-2) var(--space-6);margin:var(--space-3) 0 0;grid-template-columns:10rem minmax(0,1fr);display:grid}.health-facts dt{color:var(--text-quiet)}.health-facts dd{align-items:center;gap:var(--space-1) var(--space-3);overflow-wrap:anywhere;flex-wrap:wrap;margin:0;display:flex}.health-hash{font-size:var(--size-small)}.health-command{align-items:center;gap:var(--space-1) var(--space-3);margin:var(--space-2) 0 0;flex-wrap:wrap;display:flex}.command{align-items:center;gap:var(--space-1) var(--space-2);flex-wrap:wrap;display:inline-flex}.command-text{padding:.1rem var(--space-2);border:1px solid var(--line);border-radius:var(--radius);background:var(--surface-raised);font-size:var(--size-small)}@container (width<=44rem){.health-time{flex-basis:100%;order:1;margin:0}.health-finding{gap:var(--space-1) var(--space-2);grid-template-columns:auto minmax(0,1fr) auto}.health-words{grid-column:1/-1}.health-facts{grid-template-columns:minmax(0,1fr);gap:0}.health-facts dd{margin-bottom:var(--space-2)}}.sign-in{gap:var(--space-3);margin-block-start:12vh}.sign-in .button{border-color:var(--accent);background:var(--accent);color:var(--accent-text);font-weight:600}.sign-in-problem{padding:var(--space-2) var(--space-3);border:1px solid var(--bad);border-radius:var(--radius);background:var(--bad-surface);color:var(--text)}.expired{align-items:center;gap:var(--space-2) var(--space-4);padding:var(--space-2) var(--space-4);border-bottom:1px solid var(--warn);background:var(--warn-surface);flex-wrap:wrap;display:flex}.expired-text{flex:16rem;margin:0}.account{align-items:center;gap:var(--space-3);min-width:0;margin-inline-start:auto;display:flex}.account-name{min-width:0;color:var(--text-quiet);text-overflow:ellipsis;white-space:nowrap;overflow:hidden}@media (max-width:44rem){.account{grid-area:3/1/4/3;justify-content:space-between}.account:empty{display:none}}", Xt = "0123456789ABCDEFGHJKMNPQRSTVWXYZ", Zt = 10;
function Qt(e) {
	if (e.length < Zt) return NaN;
	let t = 0;
	for (let n of e.slice(0, Zt)) {
		let e = Xt.indexOf(n);
		if (e < 0) return NaN;
		t = t * 32 + e;
	}
	return t;
}
function $t(e, t) {
	let n = 0, r = e.length;
	for (; n < r;) {
		let i = n + r >>> 1;
		(e[i]?.id ?? "") > t ? n = i + 1 : r = i;
	}
	return n;
}
function en(e, t) {
	let n = $t(e, t);
	return e[n]?.id === t ? n : -1;
}
var tn = 6e4, nn = 9e5, rn = 200, an = 1e3, U = 5e3, W = 50, on = { kind: "loading" };
function sn(e, t, n = Date.now) {
	return new cn(e, t, n);
}
var cn = class {
	api;
	query;
	getNow;
	items = H([]);
	status = H(on);
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
		this.request = Bt(e, t, n, this.polledMs), this.cursor = null, this.known.clear(), this.older = [], Ye(() => {
			this.items.value = [], this.fresh.value = /* @__PURE__ */ new Set(), this.status.value = on;
		}), this.load(100);
	}
	loadMore() {
		let { kind: e } = this.status.peek();
		e !== "loading" && e !== "ended" && (this.status.value = on, this.load(this.cursor === null ? 100 : 250));
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
				if (n -= e.items.length, this.cursor = e.nextCursor, Ye(() => {
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
		return this.cursor === null ? { kind: "ended" } : e <= 0 ? { kind: "ready" } : this.partialPages.peek() < 20 ? on : { kind: "paused" };
	}
	append(e) {
		let t = e.filter((e) => !this.known.has(e.id));
		for (let e of t) this.known.add(e.id);
		let n = this.cursor === null ? "" : e.at(-1)?.id ?? "~", r = this.older.filter((e) => e.id > n);
		r.length > 0 && (this.older = this.older.filter((e) => e.id <= n));
		let i = t.length > 0 ? [...this.items.peek(), ...t] : this.items.peek();
		this.items.value = ln(i, r);
	}
	async poll(e, t) {
		if (this.items.peek().length === 0 && this.status.peek().kind !== "ended") return;
		let n = AbortSignal.any([t, this.running.signal]), r = this.getNow(), i = await this.readArrived(e, n);
		n.throwIfAborted(), this.polledMs = r, i === "tooMany" ? this.reload() : i.length > 0 && this.receive(i);
	}
	async readArrived(e, t) {
		let { request: n } = this, r = new Date(this.getPollStart(e)).toISOString(), i = e ? an : rn, a = [], o = null;
		for (let s = 0, c = 0; s < W; s += 1) {
			let s = {
				...n,
				startDate: r,
				limit: i,
				...o === null ? {} : { cursor: o }
			}, l = await this.api.listEvents(s, t), u = l.items.filter((e) => !this.known.has(e.id));
			if (a.push(...u), c += l.items.length, o = l.nextCursor, o === null || !e && l.items.length > 0 && u.length === 0) return a;
			if (c >= U) return u.length < l.items.length ? a : "tooMany";
		}
		return "tooMany";
	}
	getPollStart(e) {
		let t = Qt(this.items.peek()[0]?.id ?? ""), n = (Number.isNaN(t) ? this.polledMs : Math.min(t, this.polledMs)) - (e ? nn : tn), r = Date.parse(String(this.request.startDate ?? ""));
		return Math.max(n, Number.isNaN(r) ? 0 : r);
	}
	receive(e) {
		let t = e.filter((e) => !this.known.has(e.id)), n = this.status.peek().kind === "ended" ? "" : this.items.peek().at(-1)?.id ?? "", r = t.filter((e) => e.id > n);
		for (let e of t) this.known.add(e.id);
		if (this.older.push(...t.filter((e) => e.id <= n)), r.length === 0) return;
		let i = this.isAcknowledged ? [] : this.fresh.peek();
		this.isAcknowledged = !1, Ye(() => {
			this.fresh.value = /* @__PURE__ */ new Set([...i, ...r.map((e) => e.id)]), this.items.value = ln(this.items.peek(), r);
		});
	}
};
function ln(e, t) {
	if (t.length === 0) return e;
	let n = [...t].sort((e, t) => e.id < t.id ? 1 : -1), r = [], i = 0;
	for (let t of n) {
		let n = $t(e, t.id);
		r.push(e.slice(i, n), [t]), i = n;
	}
	return r.push(e.slice(i)), r.flat();
}
// src/texts.ts
var G = {
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
	startAgain: "If your AWS credentials have expired, renew them and try again. Otherwise start `prooftrail console` anew.",
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
		back: "Back to the list"
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
			hour: () => "by whole hours",
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
	event: {
		label: "Event",
		close: "Close",
		closeKey: "Close (Esc)",
		copyId: "Copy id",
		copyLink: "Copy link",
		succeeded: "Succeeded",
		failed: "Failed",
		overview: "Overview",
		groups: {
			who: "Who",
			what: "What",
			outcome: "Outcome",
			when: "When",
			where: "Where",
			record: "Record"
		},
		fields: {
			username: "Name",
			userId: "User",
			submittedBy: "Submitted by",
			action: "Action",
			resourceType: "Resource type",
			resourceId: "Resource",
			success: "Outcome",
			errorMessage: "Error",
			timestamp: "Happened",
			receivedAt: "Received",
			ipAddress: "Address",
			userAgent: "User agent",
			sessionId: "Session",
			requestId: "Request",
			id: "Id",
			eventId: "Sender's id",
			tenantId: "Tenant",
			digest: "Digest",
			v: "Format"
		},
		absent: "not given",
		submitters: {
			token: "Sent to the API with a token. This is the token's subject, checked by the user pool.",
			arn: "Sent to the API by this identity, as AWS authenticated it.",
			role: "Sent to the queue by a role and its session, as AWS authenticated them.",
			user: "Sent to the queue by an IAM user, as AWS authenticated it.",
			other: "Sent by this identity, as AWS authenticated it.",
			absent: "not recorded",
			absentWhy: "The event was stored before submitters were recorded."
		},
		receivedAfter: (e) => `Received ${e} after it happened.`,
		receivedBefore: (e) => `Received ${e} before the time that it names: the sender's clock is ahead.`,
		pivots: {
			user: ["Same user", "all time"],
			resource: ["Same resource", "all time"],
			request: ["Same request", "one hour before and after"],
			session: ["Same session", "one day before and after"],
			address: ["Same address", "one day before and after"]
		},
		pivotOf: (e, t, n) => `${e}, ${t}: ${n}`,
		pivotCount: (e, t) => `${e} ${t ? "event" : "events"}`,
		pivotNone: "–",
		pivotFailed: "could not be counted",
		pivotCounting: "counting",
		changes: "Changes",
		before: "Before",
		after: "After",
		changedFields: "Changed fields",
		noChange: "Before and after are the same.",
		kinds: {
			same: "Unchanged",
			added: "Added",
			removed: "Removed",
			changed: "Changed"
		},
		unchanged: (e, t) => `${e} unchanged ${t ? "value" : "values"}`,
		details: "Details",
		metadata: "Metadata",
		search: (e) => `Search in ${e}`,
		searchPlaceholder: "Search keys and values",
		matches: (e, t) => `${e} ${t ? "match" : "matches"}`,
		noMatch: "No match",
		openAll: "Open all",
		foldAll: "Fold all",
		moreRows: (e) => `Show ${e} more rows`,
		keys: (e, t) => `${e} ${t ? "key" : "keys"}`,
		items: (e, t) => `${e} ${t ? "item" : "items"}`,
		emptyObject: "no keys",
		emptyList: "no items",
		canonical: "Canonical JSON",
		canonicalWhy: "The form that is hashed (RFC 8785). The digest is its SHA-256.",
		copyCanonical: "Copy JSON",
		gone: [
			"What this can mean",
			"The id or the tenant is not right.",
			"The event was sent some seconds ago and is not stored yet.",
			"The event has expired, or a clean-up removed it. The log still proves that it was there."
		],
		unreadable: [
			"This event cannot be read",
			"Somebody changed or deleted parts of it in the store, past the audit log. Treat this as evidence.",
			"To find out what else was changed, run: prooftrail verify trail"
		]
	},
	verified: {
		title: "Proof",
		checking: "Checking the proof in this browser …",
		notPublished: "Not published yet",
		notPublishedText: "The event is stored. The log publishes a checkpoint every minute or so; this page looks again by itself.",
		verdicts: {
			verified: ["Verified here", "This browser has checked that the log recorded exactly this event."],
			refuted: ["NOT VERIFIED", "Do not rely on this event. A check failed; see below what differs."],
			unproved: ["Not proved", "Nothing contradicts the event, but not everything could be checked."]
		},
		states: {
			passed: "Passed",
			failed: "Failed",
			notPossible: "Not checked"
		},
		summary: {
			asOf: "As of",
			size: "Events in the log",
			fingerprint: "Key"
		},
		unknownTime: "time not known",
		steps: {
			bundle: "The response is a proof bundle",
			digest: "The digest is that of the event’s bytes",
			id: "The id comes from the event’s time and digest",
			shown: "This page shows the event in the bundle",
			inclusion: "The checkpoint covers the event",
			receipt: "The receipt is in the log",
			signature: "The log has signed the checkpoint",
			asOf: "The log said that this is its latest state",
			witnesses: "Others have cosigned the checkpoint",
			key: "The key is the one that you have pinned",
			history: "The log only grew since this browser’s last visit"
		},
		more: "Steps and key",
		passed: (e, t) => `${e} of ${t} passed`,
		pin: "Pin this key",
		pinHelp: "Compare the key with the one that the log’s owner gave you (the stack’s output VerifierKey). Once pinned, this browser compares it ever after.",
		pinNew: "Trust the new key",
		unpin: "Unpin the key",
		forget: "Forget what this browser has seen",
		forgetHelp: "Only if you know why the log or its key is another one. The next check starts anew.",
		copyBundle: "Copy the bundle",
		copyKey: "Copy the key",
		again: "Check again",
		notKept: "This browser keeps nothing for this page (storage is full or forbidden).",
		difference: {
			shown: "Shown",
			proved: "In the bundle",
			absent: "(absent)"
		},
		facts: {
			format: "Format",
			digest: "SHA-256",
			digestShown: "Digest shown",
			id: "Id computed",
			idAsked: "Id of this page",
			idInBundle: "Id in the bundle",
			tenant: "Tenant",
			tenantAsked: "Tenant of this page",
			field: "Field",
			index: "Position",
			size: "Events in the log",
			root: "Root of the checkpoint",
			rootComputed: "Root computed",
			receivedAt: "Received",
			submittedBy: "Submitted by",
			origin: "Log",
			originOfKey: "Log of the key",
			fingerprint: "Key’s SHA-256",
			fingerprintPinned: "Pinned key’s SHA-256",
			fingerprintSeen: "Earlier key’s SHA-256",
			key: "Key",
			asOf: "As of",
			witness: "Cosigner",
			seenSize: "Events seen before",
			seenRoot: "Root seen before",
			tile: "Tile",
			detail: "Detail"
		},
		problems: {
			base64: "A hash, key or signature is not valid base64.",
			tooLong: "The response is longer than a proof can be.",
			bundleJson: "The response is not a JSON object.",
			bundleFields: "The response does not have exactly the fields of a bundle.",
			bundleFormat: "The bundle’s format is not known.",
			bundleUnicode: "The event is not valid Unicode.",
			bundleEvent: "The bundle contains no valid event.",
			noteForm: "The checkpoint is not a signed note.",
			noteLines: "A signature line of the checkpoint is not valid.",
			keyForm: "The log’s key does not have the form name+id+key.",
			keyId: "The id in the log’s key does not belong to the key.",
			keyType: "The log’s key is not an Ed25519 key.",
			checkpointForm: "The checkpoint’s name, size or root is not valid.",
			proofForm: "The proof does not have the form of a tlog-proof.",
			digestDiffers: "The event’s bytes have another digest than this id says. The content was changed.",
			idDiffers: "The id does not belong to this event.",
			tenantDiffers: "The event belongs to another tenant.",
			shownDiffers: "This page was sent another event than the bundle holds.",
			indexBeyond: "The proof names a position that the log does not have.",
			proofHashes: "The proof has too few or too many hashes.",
			rootDiffers: "The event does not lead to the checkpoint’s root. The log recorded something else.",
			originDiffers: "The checkpoint is that of another log.",
			notSigned: "The checkpoint is not signed by the log’s key.",
			signatureInvalid: "The signature does not fit the checkpoint. It was changed after it was signed.",
			cosignatureInvalid: "The log’s cosignature, which says as of when, is not valid.",
			pinDiffers: "The log gives another key than the one that you have pinned.",
			historySmaller: "The log is smaller than this browser has seen it. Events were taken away.",
			historyForked: "The log does not begin with what this browser has seen. It was rewritten, or there are two of it.",
			tileForm: "A tile of the log is not valid.",
			earlierFailed: "It depends on a check that did not pass.",
			noReceipt: "The event was stored before the log recorded receipts.",
			receiptDiffers: "This page was sent another receipt than the log has. The event was delivered again, or somebody changed who sent it or when. What the log has is what counts.",
			noEd25519: "This browser cannot check Ed25519 signatures. Use a newer one, or the command line.",
			noCrypto: "This page has no WebCrypto. Open it over HTTPS, or use the command line.",
			noCosignature: "The checkpoint does not say as of when it is.",
			silent: "That is more than two hours ago: the log was stopped, or this is an old copy of it.",
			ahead: "That is later than it is by this machine’s clock. One of the two clocks is wrong.",
			witnessesUnknown: "This page knows no keys of witnesses. Use `prooftrail verify bundle --policy` for them.",
			notPinned: "No key is pinned yet: the signature is that of the key that the server gave.",
			keyChanged: "The log gives another key than this browser saw before. Ask the log’s owner why.",
			firstSeen: "This is the first checkpoint that this browser sees. The next ones are compared with it.",
			otherKeySeen: "The checkpoint that this browser saw before is signed by another key.",
			storageRefused: "This browser keeps nothing for this page, so there is nothing to compare with.",
			storageDamaged: "What this browser has kept of the log cannot be read.",
			tilesForbidden: "Tiles of the log are for IAM callers only. The command line can compare.",
			tilesUnavailable: "The log’s tiles cannot be read now.",
			tileMissing: "A tile of the log is missing.",
			unexpected: "The check itself failed."
		}
	},
	statistics: {
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
		failedAtBase: "Failed (hatched)",
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
		brush: "Drag over the chart, or click a bar, to choose a range.",
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
	health: {
		pipeline: "From the queue to the trail",
		log: "The log that proves it",
		notInApi: "What the API does not say",
		states: {
			fine: "Fine",
			look: "Look",
			wrong: "Wrong"
		},
		summary: {
			fine: "All is fine, as far as the API tells",
			look: (e) => `${e} to look at`,
			wrong: (e) => `${e} wrong`,
			partly: "Part of it could not be read"
		},
		asOf: (e) => `As of ${e}. Refreshes every minute while the page is visible.`,
		refresh: "Refresh",
		kept: (e) => `Below are the values of ${e}.`,
		allTenants: "The numbers are of the last 24 hours, of all tenants together, and a minute or two behind.",
		deadLetters: {
			title: "Dead letters",
			fine: "Every message could be stored.",
			wrong: (e) => `Messages that could not be stored: ${e}. Each waits with its reason, which the command shows.`,
			rule: "The alarm DeadLettersAlarm goes off above 0. SQS removes a message 14 days after it was first sent."
		},
		queue: {
			title: "Queue",
			fine: (e) => `The processor keeps up. Being processed: ${e}.`,
			look: (e) => `More messages wait than usual. Being processed: ${e}. Nothing is lost while they wait.`,
			rule: (e) => `Look: above ${e}, the mean of 15 minutes, but at least 100. The alarm OldestMessageAlarm goes off when a message has waited for more than 15 minutes.`
		},
		stored: {
			title: "Stored events",
			fine: (e) => `That is ${e} a minute on average.`,
			look: "Nothing was stored in the last 24 hours. That is fine if nothing was sent.",
			rule: "Look: no event in 24 hours. No alarm watches this."
		},
		attempts: {
			title: "Failed attempts",
			fine: "Every attempt to store an event succeeded.",
			failed: (e, t, n) => `${e} of ${t} attempts failed; the success rate is ${n}. An attempt is repeated, then becomes a dead letter.`,
			rule: (e) => `Look: any failed attempt. Wrong: a success rate below ${e}. No alarm watches this.`
		},
		batches: {
			title: "Time for a batch",
			fine: "So long a batch takes the processor on average.",
			look: "Batches take long: DynamoDB may be slow, or the messages large.",
			wrong: "Batches take nearly as long as the processor may run. Those that take longer are repeated.",
			none: "No batch was processed in the last 24 hours.",
			rule: (e) => `Look: above ${e}. Wrong: above 100 sec, as the processor stops at 120 sec, and ProcessorErrorsAlarm goes off.`
		},
		checkpoint: {
			title: "Age of the checkpoint",
			fine: "The log has signed lately that this is its latest state.",
			look: "The log has not signed its latest state for more than an hour.",
			wrong: "The log has stopped, or this is an old copy of it.",
			unknown: "The log has not said when this state was its latest.",
			rule: "The log signs whenever it publishes, and at least once an hour. Look: above 70 min. Wrong: above 2 hr. The alarm CheckpointStoppedAlarm goes off after 15 minutes without a run."
		},
		signature: {
			title: "Signature",
			values: {
				fine: "valid",
				look: "not verified",
				wrong: "not valid"
			},
			fine: "Verified in this browser, with the key that the API names.",
			look: "This browser cannot verify Ed25519 signatures.",
			wrong: "The published checkpoint is not signed by the key that the API names.",
			rule: "Wrong: the signature, or the cosignature with the time, does not verify."
		},
		size: {
			title: "Published events",
			fine: "Each of these events can be proven.",
			empty: "Nothing is published yet, and nothing was stored lately.",
			look: "Events were stored, but none is published yet. That is fine for a minute after the first event.",
			rule: "The alarm NotCommittedAlarm goes off when events are stored and the ledger has not run for half an hour."
		},
		notPublished: "The log has no checkpoint yet. The first one is made within a minute of the first event.",
		facts: {
			origin: "Name of the log",
			fingerprint: "SHA-256 of its key",
			key: "Verifier key",
			witnesses: "Cosigned by",
			noWitness: "no witness",
			unknown: "not known",
			copyKey: "Copy the verifier key",
			copyFingerprint: "Copy the SHA-256"
		},
		commands: {
			deadLetters: "Why messages became dead letters:",
			doctor: "Alarms, how long messages wait, how far the ledger is behind, and what to do about it:",
			copy: "Copy the command"
		}
	},
	signIn: {
		title: "Sign in to read the audit log",
		explanation: "This page shows the events of your organisation. Your user pool asks who you are.",
		button: "Sign in",
		problems: {
			denied: ["Not signed in.", "The user pool did not let you in. Try again, or ask who runs it."],
			foreign: ["Not signed in.", "This sign-in did not begin in this tab. Nothing of it was used."],
			unreachable: ["Not signed in.", "The user pool does not respond. Try again in a moment."],
			unsupported: ["Not signed in.", "This browser cannot sign in here. The page needs HTTPS and cookies."]
		},
		expired: "Your session has ended.",
		expiredExplanation: "What is shown stays; for more, sign in again. You come back to this place.",
		again: "Sign in again",
		signOut: "Sign out"
	}
}, un = dn(globalThis.navigator?.languages ?? [], G.language);
function dn(e, t) {
	return e.find((e) => e === t || e.startsWith(`${t}-`)) ?? t;
}
var fn = [
	"byte",
	"kilobyte",
	"megabyte",
	"gigabyte",
	"terabyte"
], pn = [
	["day", 864e5],
	["hour", 36e5],
	["minute", 6e4],
	["second", 1e3]
];
function K(e, t = 0) {
	return new Intl.NumberFormat(un, { maximumFractionDigits: t }).format(e);
}
function mn(e) {
	return new Intl.NumberFormat(un, {
		notation: "compact",
		maximumFractionDigits: 1
	}).format(e);
}
function hn(e) {
	let t = Math.min(Math.floor(Math.log10(Math.max(e, 1)) / 3), fn.length - 1);
	return _n(e / 1e3 ** t, fn[t] ?? "byte", +(t > 0));
}
function gn(e) {
	if (e < 1e3) return _n(e, "millisecond", +(e < 10));
	if (e < 1e4) return _n(e / 1e3, "second", 1);
	let t = Math.round(e / 1e3) * 1e3, n = [];
	for (let [e, r] of pn) {
		let i = Math.floor(t / r);
		if (t -= i * r, i > 0) n.push(_n(i, e, 0));
		else if (n.length > 0) break;
		if (n.length === 2) break;
	}
	return n.join(" ");
}
function _n(e, t, n) {
	return new Intl.NumberFormat(un, {
		style: "unit",
		unit: t,
		unitDisplay: "short",
		maximumFractionDigits: n
	}).format(e);
}
// node_modules/preact/jsx-runtime/dist/jsxRuntime.mjs
var vn = Symbol.for("pv"), yn = 0;
Array.isArray;
function q(t, n, r, i, a, o) {
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
		constructor: vn,
		__v: --yn,
		__i: -1,
		__u: 0
	};
	return (a || o) && (u.__source = a, u.__self = o), e.vnode && e.vnode(u), u;
}
// src/parts/copy.tsx
var bn = 2e3;
function xn({ text: e, label: t }) {
	let [n, r] = I("ready"), i = () => typeof e == "string" ? e : e();
	L(() => {
		if (n !== "copied") return;
		let e = setTimeout(() => r("ready"), bn);
		return () => clearTimeout(e);
	}, [n]);
	let a = async () => {
		try {
			await navigator.clipboard.writeText(i()), r("copied");
		} catch {
			r("refused");
		}
	};
	return /* @__PURE__ */ q("span", {
		class: "copy",
		children: [
			/* @__PURE__ */ q("button", {
				type: "button",
				class: "copy-button",
				"data-state": n,
				onClick: () => void a(),
				children: [n === "copied" ? /* @__PURE__ */ q("span", {
					"aria-hidden": "true",
					children: "✓"
				}) : /* @__PURE__ */ q(Sn, {}), t]
			}),
			/* @__PURE__ */ q("span", {
				class: "copy-status",
				role: "status",
				children: n === "ready" ? "" : G.copy[n]
			}),
			n === "refused" && /* @__PURE__ */ q(Cn, {
				text: i(),
				label: t,
				onLeave: () => r("ready")
			})
		]
	});
}
function Sn() {
	return /* @__PURE__ */ q("svg", {
		class: "copy-icon",
		viewBox: "0 0 12 12",
		"aria-hidden": "true",
		children: /* @__PURE__ */ q("path", { d: "M4 3.5h6.5v7H4zM1.5 8.5v-7H8" })
	});
}
function Cn({ text: e, label: t, onLeave: n }) {
	let r = R(null);
	return L(() => r.current?.select(), []), /* @__PURE__ */ q("span", {
		class: "copy-refused",
		children: [/* @__PURE__ */ q("span", {
			"aria-hidden": "true",
			children: G.copy.refused
		}), /* @__PURE__ */ q("textarea", {
			ref: r,
			readOnly: !0,
			rows: 2,
			"aria-label": t,
			value: e,
			onBlur: n
		})]
	});
}
// src/parts/characters.ts
var wn = /* @__PURE__ */ RegExp("(?!(?<=\\p{ExtPict})\\uFE0F|(?<=\\p{ExtPict}\\uFE0F?|\\p{EMod})\\u200D(?=\\p{ExtPict}))(?:[\\p{C}\\p{DI}\\p{Zl}\\p{Zp}\\u2800]|(?![ \\u3000])\\p{Zs}|(?<=\\p{M}{4})\\p{M})", "gu"), Tn = /^[\n\t]$/;
function En(e) {
	return e ? new RegExp(e.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&"), "giu") : null;
}
function Dn(e, t, n) {
	let r = [], i = 0;
	for (let { 0: a, index: o } of e.matchAll(wn)) (n || !Tn.test(a)) && (On(r, e.slice(i, o), t), kn(r, a, o === i), i = o + a.length);
	return On(r, e.slice(i), t), r;
}
function On(e, t, n) {
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
function kn(e, t, n) {
	let r = (t.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0"), i = e.at(-1), a = n && i?.kind === "sign" && i.code === r, o = a ? i.count + 1 : 1;
	a && e.pop(), e.push({
		kind: "sign",
		code: r,
		count: o,
		text: o > 1 ? `⟨U+${r} ×${o}⟩` : `⟨U+${r}⟩`
	});
}
function An(e, t, n, r) {
	let i = jn(e, t, t + n, r);
	if (i >= e.length) return e.length;
	let a = e.slice(t, i + 64), o = Mn(a, i - t);
	return t + (o > 0 ? o : Nn(a, i - t));
}
function jn(e, t, n, r) {
	let i = t;
	for (let t = 0; t < r; t += 1) {
		let t = e.indexOf("\n", i);
		if (t < 0 || t >= n) return n;
		i = t + 1;
	}
	return i;
}
function Mn(e, t) {
	return "Segmenter" in Intl ? new Intl.Segmenter().segment(e).containing(t)?.index ?? t : Nn(e, t);
}
function Nn(e, t) {
	return /[\uD800-\uDBFF]/.test(e[t - 1] ?? "") && /[\uDC00-\uDFFF]/.test(e[t] ?? "") ? t - 1 : t;
}
// src/parts/untrusted.tsx
var Pn = [
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
], Fn = 100, In = {
	length: 200,
	lines: 3
};
function Ln({ text: e, line: t = !1, pattern: n = null }) {
	if (!t) return /* @__PURE__ */ q(Bn, {
		text: e,
		pattern: n
	});
	let r = An(e, 0, In.length, In.lines);
	return /* @__PURE__ */ q("bdi", {
		class: "untrusted-line",
		children: [/* @__PURE__ */ q(Rn, {
			text: e.slice(0, r),
			pattern: n,
			isLine: !0
		}), r < e.length && "…"]
	});
}
function Rn({ text: e, pattern: t, isLine: n = !1 }) {
	return /* @__PURE__ */ q(S, { children: Dn(e, t, n).map((e, t) => e.kind === "text" ? e.text : e.kind === "match" ? /* @__PURE__ */ q("mark", { children: e.text }, t) : /* @__PURE__ */ q("span", {
		class: "untrusted-sign",
		title: zn(e.code),
		children: e.text
	}, t)) });
}
function zn(e) {
	let { names: t, other: n } = G.untrusted;
	return e in t ? t[e] : n;
}
function Bn({ text: e, pattern: t }) {
	let [n, r] = I(null), i = n?.text === e && n.pattern === t ? n : Vn(e, t), a = i.starts.at(-1) ?? 0, { length: o, lines: s } = Pn[i.step] ?? Pn[0], c = An(e, a, o, s), l = a === 0 && c === e.length && i.step === 0;
	return /* @__PURE__ */ q(S, { children: [/* @__PURE__ */ q("bdi", {
		class: "untrusted",
		children: [
			a > 0 && "…",
			/* @__PURE__ */ q(Rn, {
				text: e.slice(a, c),
				pattern: t
			}),
			c < e.length && "…"
		]
	}), !l && /* @__PURE__ */ q(Hn, {
		part: i,
		start: a,
		end: c,
		onChange: r
	})] });
}
function Vn(e, t) {
	let n = t === null ? -1 : e.search(t);
	return {
		text: e,
		pattern: t,
		starts: n > Pn[0].length - Fn ? [0, An(e, 0, n - Fn, Infinity)] : [0],
		step: 0
	};
}
function Hn({ part: e, start: t, end: n, onChange: r }) {
	let { text: i, starts: a, step: o } = e, s = new Intl.NumberFormat(), c = n === i.length, l = o === Pn.length - 1;
	return /* @__PURE__ */ q("span", {
		class: "untrusted-steps",
		children: [
			/* @__PURE__ */ q("span", { children: G.untrusted.shown(s.format(t + 1), s.format(n), s.format(i.length)) }),
			!c && !l && /* @__PURE__ */ q("button", {
				type: "button",
				onClick: () => r({
					...e,
					step: o + 1
				}),
				children: G.untrusted.more
			}),
			!c && l && /* @__PURE__ */ q("button", {
				type: "button",
				onClick: () => r({
					...e,
					starts: [...a, n]
				}),
				children: G.untrusted.next
			}),
			t > 0 && /* @__PURE__ */ q("button", {
				type: "button",
				onClick: () => r({
					...e,
					starts: a.slice(0, -1)
				}),
				children: G.untrusted.previous
			}),
			o > 0 && /* @__PURE__ */ q("button", {
				type: "button",
				onClick: () => r({
					...e,
					starts: [0],
					step: 0
				}),
				children: G.untrusted.less
			})
		]
	});
}
// src/parts/failure.tsx
var Un = 5, Wn = 1e3;
function Gn({ error: e, retry: t }) {
	let n = e instanceof pe ? e.kind : "failed", [r, i] = G.failures[n], a = e instanceof Error ? e.message : String(e), o = e instanceof pe ? Kn(e) : null;
	return /* @__PURE__ */ q("div", {
		class: "state failure",
		"data-kind": n,
		children: [
			/* @__PURE__ */ q("div", {
				role: "alert",
				children: [/* @__PURE__ */ q("p", {
					class: "state-title",
					children: [/* @__PURE__ */ q("span", {
						class: "failure-sign",
						"aria-hidden": "true",
						children: "!"
					}), r]
				}), /* @__PURE__ */ q("p", { children: i })]
			}),
			/* @__PURE__ */ q(qn, { kind: n }),
			a && /* @__PURE__ */ q("p", {
				class: "failure-message",
				children: [
					/* @__PURE__ */ q("span", {
						class: "failure-label",
						children: G.serverSays
					}),
					" ",
					/* @__PURE__ */ q(Ln, { text: a })
				]
			}),
			/* @__PURE__ */ q(Jn, {
				kind: n,
				wait: o,
				error: e,
				retry: t
			})
		]
	});
}
function Kn(e) {
	return e.kind === "throttled" ? e.retryAfter ?? Un : e.kind === "unavailable" ? e.retryAfter : null;
}
function qn({ kind: e }) {
	let { auth: t, settings: n } = z();
	return /* @__PURE__ */ q("p", {
		class: "failure-advice",
		children: e === "signedOut" && !t && n.stack !== void 0 ? G.startAgain : G.failures[e][2]
	});
}
function Jn({ kind: e, wait: t, error: n, retry: r }) {
	let { auth: i } = z();
	return Yn(e === "offline" ? r : void 0), e === "signedOut" && i ? /* @__PURE__ */ q("button", {
		type: "button",
		class: "button",
		onClick: () => i.signIn(),
		children: G.signInAgain
	}) : r ? /* @__PURE__ */ q("div", {
		class: "failure-actions",
		children: [/* @__PURE__ */ q("button", {
			type: "button",
			class: "button",
			onClick: r,
			children: G.retry
		}), t !== null && /* @__PURE__ */ q(Xn, {
			seconds: t,
			of: n,
			onEnd: r
		})]
	}) : null;
}
function Yn(e) {
	L(() => {
		if (e) return window.addEventListener("online", e), () => window.removeEventListener("online", e);
	}, [e]);
}
function Xn({ seconds: e, of: t, onEnd: n }) {
	let [r, i] = I(e), a = R(n);
	return a.current = n, L(() => {
		let t = Date.now() + e * Wn;
		i(e);
		let n = setInterval(() => {
			let e = Math.ceil((t - Date.now()) / Wn);
			i(Math.max(0, e)), e > 0 || (clearInterval(n), a.current());
		}, Wn / 4);
		return () => clearInterval(n);
	}, [e, t]), /* @__PURE__ */ q("span", {
		class: "failure-countdown",
		role: "timer",
		"aria-live": "off",
		children: G.retryIn(r)
	});
}
// src/parts/link.tsx
function Zn({ to: e, current: t = !1, class: n, label: r, tabIndex: i, children: a }) {
	let { navigation: o } = z();
	return /* @__PURE__ */ q("a", {
		class: n,
		tabIndex: i,
		href: o.href(e),
		"aria-label": r,
		title: r,
		"aria-current": t ? "page" : void 0,
		onClick: (t) => {
			t.button !== 0 || t.metaKey || t.ctrlKey || t.shiftKey || (t.preventDefault(), o.go(e));
		},
		children: a
	});
}
// src/parts/states.tsx
function Qn() {
	return /* @__PURE__ */ q("div", {
		class: "state state-loading",
		role: "status",
		children: [/* @__PURE__ */ q("span", {
			class: "state-spinner",
			"aria-hidden": "true"
		}), G.loading]
	});
}
function $n({ title: e, children: t }) {
	return /* @__PURE__ */ q("div", {
		class: "state",
		role: "status",
		children: [/* @__PURE__ */ q("p", {
			class: "state-title",
			children: e
		}), t]
	});
}
// src/views/event/json.ts
function er(e) {
	return typeof e == "object" && !!e;
}
function tr(e) {
	return Array.isArray(e);
}
function nr(e) {
	return tr(e) ? e.map((e, t) => [String(t), e]) : Object.entries(e);
}
function rr(e) {
	return tr(e) ? e.length : Object.keys(e).length;
}
function ir(e, t) {
	return `${e}/${t.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}
function ar(e, t) {
	if (!er(e) || !er(t)) return e === t;
	if (tr(e) !== tr(t) || rr(e) !== rr(t)) return !1;
	let n = new Map(nr(t));
	return nr(e).every(([e, t]) => {
		let r = n.get(e);
		return r !== void 0 && ar(t, r);
	});
}
// src/views/event/canonical.ts
var or = /* @__PURE__ */ new Set([
	"id",
	"digest",
	"receivedAt",
	"submittedBy"
]);
function sr(e) {
	return er(e) ? tr(e) ? `[${e.map(sr).join(",")}]` : `{${Object.entries(e).sort(([e], [t]) => e < t ? -1 : 1).map(([e, t]) => `${JSON.stringify(e)}:${sr(t)}`).join(",")}}` : JSON.stringify(e);
}
function cr(e) {
	let t = Object.entries(e).filter(([e]) => !or.has(e));
	return sr(Object.fromEntries(t));
}
// src/views/event/diff.ts
var lr = 25e4;
function ur(e, t) {
	if (tr(e) && tr(t)) return fr(e, t);
	let n = new Map(nr(e)), r = new Map(nr(t)), i = [.../* @__PURE__ */ new Set([...n.keys(), ...r.keys()])].map((e) => dr(e, n.get(e), r.get(e)));
	return [...i.filter(({ kind: e }) => e !== "same"), ...i.filter(({ kind: e }) => e === "same")];
}
function dr(e, t, n) {
	let r = {
		key: e,
		before: t,
		after: n,
		children: null
	};
	if (t === void 0) return {
		...r,
		kind: "added"
	};
	if (n === void 0) return {
		...r,
		kind: "removed"
	};
	if (ar(t, n)) return {
		...r,
		kind: "same"
	};
	let i = er(t) && er(n) && tr(t) === tr(n);
	return {
		...r,
		kind: "changed",
		children: i ? ur(t, n) : null
	};
}
function fr(e, t) {
	let n = 0, r = Math.min(e.length, t.length);
	for (; n < r && pr(e, n, t, n);) n += 1;
	let i = 0;
	for (; i < r - n && pr(e, e.length - 1 - i, t, t.length - 1 - i);) i += 1;
	let a = mr(e, n, e.length - i, t, n, t.length - i), o = (e) => dr(String(e), t[e], t[e]);
	return [
		...Array.from({ length: n }, (e, t) => o(t)),
		...a,
		...Array.from({ length: i }, (e, n) => o(t.length - i + n))
	];
}
function pr(e, t, n, r) {
	let [i, a] = [e[t], n[r]];
	return i !== void 0 && a !== void 0 && ar(i, a);
}
function mr(e, t, n, r, i, a) {
	let o = (n - t) * (a - i) > lr ? [] : hr(e, t, n, r, i, a), s = [], [c, l] = [t, i];
	for (let [t, i] of [...o, [n, a]]) {
		for (; c < t || l < i;) {
			let n = c < t ? e[c++] : void 0, a = l < i ? r[l++] : void 0;
			s.push(dr(String(a === void 0 ? c - 1 : l - 1), n, a));
		}
		t < n && s.push(dr(String(i), e[c++], r[l++]));
	}
	return s;
}
function hr(e, t, n, r, i, a) {
	let o = a - i + 1, s = new Uint32Array((n - t + 1) * o), c = (e, n) => (e - t) * o + n - i;
	for (let o = n - 1; o >= t; --o) for (let t = a - 1; t >= i; --t) s[c(o, t)] = pr(e, o, r, t) ? (s[c(o + 1, t + 1)] ?? 0) + 1 : Math.max(s[c(o + 1, t)] ?? 0, s[c(o, t + 1)] ?? 0);
	let l = [];
	for (let [o, u] = [t, i]; o < n && u < a;) pr(e, o, r, u) ? l.push([o++, u++]) : (s[c(o + 1, u)] ?? 0) >= (s[c(o, u + 1)] ?? 0) ? o += 1 : u += 1;
	return l;
}
function* gr(e, t, n = "", r = 0) {
	for (let i = 0; i < e.length; i += 1) {
		let a = _r(e, i), o = e[i], s = `${n}#${i}`;
		if (o === void 0) return;
		if (a > 0 && !t(s, !1)) {
			yield {
				type: "fold",
				path: s,
				depth: r,
				count: a
			}, i += a - 1;
			continue;
		}
		let c = ir(n, `${o.key}:${o.kind}`), l = o.children !== null && t(c, !0);
		yield {
			type: "node",
			path: c,
			depth: r,
			node: o,
			isOpen: l
		}, o.children !== null && l && (yield* gr(o.children, t, c, r + 1));
	}
}
function _r(e, t) {
	if (e[t - 1]?.kind === "same") return 0;
	let n = t;
	for (; e[n]?.kind === "same";) n += 1;
	return n - t;
}
// src/views/event/more.tsx
function vr({ count: e, onMore: t }) {
	return /* @__PURE__ */ q("button", {
		type: "button",
		class: "event-more",
		onClick: t,
		children: G.event.moreRows(K(e))
	});
}
// src/views/event/tree.ts
function* yr(e, t, n, r = "", i = 0) {
	for (let [a, o] of nr(e)) {
		let e = ir(r, a), s = n?.found.has(e) ?? !0;
		if (!s && !n?.parents.has(e)) continue;
		let c = er(o) && t(e, o, i);
		yield {
			path: e,
			depth: i,
			key: a,
			value: o,
			isOpen: c
		};
		let l = s && !n?.parents.has(e) ? null : n;
		er(o) && c && (yield* yr(o, t, l, e, i + 1));
	}
}
function br(e, t) {
	let n = /* @__PURE__ */ new Set(), r = /* @__PURE__ */ new Set(), i = (e) => e.search(t) >= 0, a = (e, t) => {
		let o = !1, s = tr(e);
		for (let [c, l] of nr(e)) {
			let e = ir(t, c), u = er(l) && a(l, e);
			u && r.add(e);
			let d = !s && i(c) || !er(l) && i(String(l));
			d && n.add(e), o = o || u || d;
		}
		return o;
	};
	return a(e, ""), {
		found: n,
		parents: r
	};
}
function xr(e, t) {
	let n = [];
	for (let r of e) {
		if (n.length === t) return {
			rows: n,
			isCut: !0
		};
		n.push(r);
	}
	return {
		rows: n,
		isCut: !1
	};
}
// src/views/event/json-tree.tsx
var Sr = 100, Cr = 200, wr = 3, Tr = 30, Er = 10, Dr = {
	base: "some",
	chosen: /* @__PURE__ */ new Map()
};
function Or({ value: e, name: t }) {
	let [n, r] = I(""), [i, a] = I(Dr), o = Fe(() => En(n.trim()), [n]), s = Fe(() => o && br(e, o), [e, o]);
	return /* @__PURE__ */ q(S, { children: [/* @__PURE__ */ q("div", {
		class: "event-tools",
		children: [
			/* @__PURE__ */ q("input", {
				type: "search",
				class: "event-search",
				"aria-label": G.event.search(t),
				placeholder: G.event.searchPlaceholder,
				value: n,
				onInput: ({ currentTarget: e }) => {
					r(e.value), a(Dr);
				}
			}),
			/* @__PURE__ */ q("span", {
				role: "status",
				class: "event-quiet",
				children: s && kr(s)
			}),
			/* @__PURE__ */ q("button", {
				type: "button",
				onClick: () => a({
					base: "all",
					chosen: /* @__PURE__ */ new Map()
				}),
				children: G.event.openAll
			}),
			/* @__PURE__ */ q("button", {
				type: "button",
				onClick: () => a({
					base: "none",
					chosen: /* @__PURE__ */ new Map()
				}),
				children: G.event.foldAll
			})
		]
	}), /* @__PURE__ */ q(jr, {
		value: e,
		fold: i,
		onFold: a,
		pattern: o,
		matches: s
	}, n)] });
}
function kr({ found: e }) {
	let { matches: t, noMatch: n } = G.event;
	return e.size === 0 ? n : t(K(e.size), e.size === 1);
}
function Ar({ value: e }) {
	let [t, n] = I(Dr);
	return /* @__PURE__ */ q(jr, {
		value: e,
		fold: t,
		onFold: n,
		pattern: null,
		matches: null
	});
}
function jr({ value: e, fold: t, onFold: n, pattern: r, matches: i }) {
	let [a, o] = I(Sr), { rows: s, isCut: c } = xr(yr(e, (e, n, r) => t.chosen.get(e) ?? Mr(t.base, i?.parents.has(e) ?? !1, n, r), i), a), l = ({ path: e, isOpen: r }) => n({
		...t,
		chosen: new Map(t.chosen).set(e, !r)
	});
	return /* @__PURE__ */ q(S, { children: [/* @__PURE__ */ q("ul", {
		class: "tree",
		children: s.map((e) => /* @__PURE__ */ q(Nr, {
			row: e,
			pattern: r,
			onToggle: () => l(e)
		}, e.path))
	}), c && /* @__PURE__ */ q(vr, {
		count: Cr,
		onMore: () => o(a + Cr)
	})] });
}
function Mr(e, t, n, r) {
	return e === "some" ? t || r < wr && rr(n) <= Tr : e === "all";
}
function Nr({ row: e, pattern: t, onToggle: n }) {
	let { key: r, value: i, depth: a, isOpen: o } = e, s = /* @__PURE__ */ q(Ln, {
		line: !0,
		text: r,
		pattern: t
	});
	return /* @__PURE__ */ q("li", {
		class: "tree-row",
		"data-depth": Math.min(a, Er),
		children: er(i) ? /* @__PURE__ */ q("button", {
			type: "button",
			class: "tree-key",
			"aria-expanded": o,
			onClick: n,
			children: [
				/* @__PURE__ */ q("span", {
					class: "tree-sign",
					"aria-hidden": "true",
					children: o ? "▾" : "▸"
				}),
				s,
				" ",
				/* @__PURE__ */ q("span", {
					class: "event-quiet",
					children: Pr(i)
				})
			]
		}) : /* @__PURE__ */ q(S, { children: [
			/* @__PURE__ */ q("span", {
				class: "tree-key",
				children: s
			}),
			" ",
			/* @__PURE__ */ q(Fr, {
				value: i,
				pattern: t
			})
		] })
	});
}
function Pr(e) {
	let { keys: t, items: n, emptyList: r, emptyObject: i } = G.event, a = rr(e);
	return a === 0 ? tr(e) ? r : i : (tr(e) ? n : t)(K(a), a === 1);
}
function Fr({ value: e, pattern: t = null }) {
	let n = typeof e == "string";
	return /* @__PURE__ */ q("span", {
		class: "tree-value",
		"data-type": n ? "text" : "other",
		children: [
			n && "\"",
			/* @__PURE__ */ q(Ln, {
				text: String(e),
				pattern: t
			}),
			n && "\""
		]
	});
}
// src/views/event/changes.tsx
var Ir = 100, Lr = 200, Rr = 6, zr = {
	same: ["", ""],
	added: ["", "+"],
	removed: ["−", ""],
	changed: ["−", "+"]
};
function Br({ before: e, after: t, fields: n }) {
	let [r, i] = I(Ir), [a, o] = I(/* @__PURE__ */ new Map()), s = Fe(() => ur(e, t), [e, t]), { rows: c, isCut: l } = xr(gr(s, (e, t) => a.get(e) ?? t), r), u = (e, t) => o(new Map(a).set(e, t));
	return /* @__PURE__ */ q(S, { children: [
		s.every(({ kind: e }) => e === "same") && /* @__PURE__ */ q("p", {
			class: "event-quiet",
			children: G.event.noChange
		}),
		n.length > 0 && /* @__PURE__ */ q("p", {
			class: "diff-fields",
			children: [
				/* @__PURE__ */ q("span", {
					class: "event-quiet",
					children: [G.event.changedFields, ":"]
				}),
				" ",
				/* @__PURE__ */ q(Ln, { text: n.join(", ") })
			]
		}),
		/* @__PURE__ */ q("div", {
			class: "diff",
			role: "table",
			"aria-label": G.event.changes,
			children: [/* @__PURE__ */ q("div", {
				class: "diff-row diff-head",
				role: "row",
				children: [/* @__PURE__ */ q("span", {
					role: "columnheader",
					children: G.event.before
				}), /* @__PURE__ */ q("span", {
					role: "columnheader",
					children: G.event.after
				})]
			}), c.map((e) => /* @__PURE__ */ q(Vr, {
				row: e,
				onOpen: (t) => u(e.path, t)
			}, e.path))]
		}),
		l && /* @__PURE__ */ q(vr, {
			count: Lr,
			onMore: () => i(r + Lr)
		})
	] });
}
function Vr({ row: e, onOpen: t }) {
	let n = Math.min(e.depth, Rr);
	if (e.type === "fold") return /* @__PURE__ */ q(Hr, {
		depth: n,
		isOpen: !1,
		isFold: !0,
		onOpen: t,
		children: G.event.unchanged(K(e.count), e.count === 1)
	});
	let { node: r, isOpen: i } = e;
	return r.children === null ? /* @__PURE__ */ q("div", {
		class: "diff-row",
		role: "row",
		"data-depth": n,
		children: [/* @__PURE__ */ q(Ur, {
			node: r,
			side: "before"
		}), /* @__PURE__ */ q(Ur, {
			node: r,
			side: "after"
		})]
	}) : /* @__PURE__ */ q(Hr, {
		depth: n,
		isOpen: i,
		onOpen: t,
		children: /* @__PURE__ */ q(Ln, {
			line: !0,
			text: r.key
		})
	});
}
function Hr({ depth: e, isOpen: t, isFold: n = !1, onOpen: r, children: i }) {
	return /* @__PURE__ */ q("div", {
		class: "diff-row",
		role: "row",
		"data-depth": e,
		children: /* @__PURE__ */ q("div", {
			class: "diff-wide",
			role: "cell",
			"aria-colspan": 2,
			children: /* @__PURE__ */ q("button", {
				type: "button",
				class: n ? "tree-key diff-fold" : "tree-key",
				"aria-expanded": t,
				onClick: () => r(!t),
				children: [/* @__PURE__ */ q("span", {
					class: "tree-sign",
					"aria-hidden": "true",
					children: t ? "▾" : "▸"
				}), i]
			})
		})
	});
}
function Ur({ node: e, side: t }) {
	let n = e[t], r = zr[e.kind][t === "before" ? 0 : 1];
	return n === void 0 ? /* @__PURE__ */ q("div", {
		class: "diff-cell diff-empty",
		role: "cell"
	}) : /* @__PURE__ */ q("div", {
		class: "diff-cell",
		role: "cell",
		"data-sign": r,
		title: G.event.kinds[e.kind],
		children: [/* @__PURE__ */ q("span", {
			class: "diff-sign",
			children: r
		}), /* @__PURE__ */ q("div", {
			class: "diff-value",
			children: [
				/* @__PURE__ */ q("span", {
					class: "tree-key",
					children: /* @__PURE__ */ q(Ln, {
						line: !0,
						text: e.key
					})
				}),
				" ",
				/* @__PURE__ */ q(Wr, { value: n })
			]
		})]
	});
}
function Wr({ value: e }) {
	return er(e) ? Object.keys(e).length === 0 ? /* @__PURE__ */ q("code", { children: JSON.stringify(e) }) : /* @__PURE__ */ q(Ar, { value: e }) : /* @__PURE__ */ q(Fr, { value: e });
}
// src/views/event/load.ts
var Gr = "0123456789ABCDEFGHJKMNPQRSTVWXYZ", Kr = 10;
function qr(e) {
	let t = 0;
	for (let n of e.slice(0, Kr)) {
		let e = Gr.indexOf(n);
		if (e < 0) return null;
		t = t * 32 + e;
	}
	return e.length > Kr && t <= 864e13 ? t : null;
}
function Jr(e, t) {
	let { api: n } = z(), [r, i] = I({ kind: "loading" }), [a, o] = I(0);
	return L(() => {
		let r = new AbortController();
		return i({ kind: "loading" }), Yr(n, e, t, r.signal).then((e) => {
			r.signal.aborted || i(e);
		}), () => r.abort();
	}, [
		n,
		e,
		t,
		a
	]), [r, () => o((e) => e + 1)];
}
async function Yr(e, t, n, r) {
	let i = { tenantId: n || void 0 };
	try {
		return {
			kind: "ready",
			event: await e.getEvent(t, i, r)
		};
	} catch (i) {
		let a = i instanceof pe && i.kind === "failed" ? await Xr(e, t, n, r) : null;
		return a === null ? {
			kind: "failed",
			error: i
		} : {
			kind: "unreadable",
			reason: a
		};
	}
}
async function Xr(e, t, n, r) {
	let i = qr(t);
	if (i === null) return null;
	let a = new Date(i).toISOString();
	try {
		let i = (await e.listEvents({
			tenantId: n || void 0,
			startDate: a,
			endDate: a
		}, r)).items.find((e) => e.id === t);
		return i && "unreadable" in i ? i.unreadable : null;
	} catch {
		return null;
	}
}
// src/views/event/outcome.tsx
function Zr({ success: e }) {
	return /* @__PURE__ */ q("span", {
		class: "event-outcome",
		"data-success": e,
		children: [
			/* @__PURE__ */ q("span", {
				"aria-hidden": "true",
				children: e ? "✓" : "✕"
			}),
			" ",
			e ? G.event.succeeded : G.event.failed
		]
	});
}
// src/state/clock.ts
var Qr = 6e4, $r, ei = ti();
function ti() {
	let e = H(Date.now(), {
		watched() {
			$r = setInterval(() => e.value = Date.now(), Qr);
		},
		unwatched() {
			clearInterval($r);
		}
	});
	return e;
}
// src/parts/instants.ts
var ni = {
	month: "short",
	day: "2-digit",
	hour: "2-digit",
	minute: "2-digit",
	second: "2-digit",
	hourCycle: "h23"
}, ri = {
	short: ni,
	second: {
		...ni,
		year: "numeric"
	},
	full: {
		...ni,
		year: "numeric",
		fractionalSecondDigits: 3,
		timeZoneName: "short"
	}
}, ii = [
	["year", 31536e6],
	["month", 2592e6],
	["day", 864e5],
	["hour", 36e5],
	["minute", 6e4]
], ai = /* @__PURE__ */ new Map(), oi = new Intl.RelativeTimeFormat(un, {
	numeric: "auto",
	style: "short"
});
function si(e, t) {
	let n = `${e} ${t}`, r = ai.get(n);
	if (r === void 0) {
		let i = e === "utc" ? "UTC" : void 0;
		r = new Intl.DateTimeFormat(un, {
			...ri[t],
			timeZone: i
		}), ai.set(n, r);
	}
	return r;
}
function ci(e, t, n, r) {
	let i = new Date(e).getUTCFullYear() === new Date(r).getUTCFullYear();
	return si(t, n === "short" && !i ? "second" : n).format(e);
}
function li(e, t) {
	let n = e - t;
	for (let [e, t] of ii) if (Math.abs(n) >= t) return oi.format(Math.trunc(n / t), e);
	return oi.format(0, "second");
}
function ui(e) {
	return e === "utc" ? "UTC" : new Intl.DateTimeFormat().resolvedOptions().timeZone;
}
// src/parts/time.tsx
function di({ value: e, form: t = "full" }) {
	let { preferences: n } = z(), { timeStyle: r, zone: i } = n.value, a = Date.parse(e);
	if (Number.isNaN(a)) return /* @__PURE__ */ q(Ln, { text: e });
	let o = Math.max(ei.value, Date.now()), s = li(a, o), c = ci(a, i, "full", o), l = r === "relative";
	return /* @__PURE__ */ q("time", {
		dateTime: e,
		title: l || t !== "full" ? `${c} (${s})` : s,
		children: l ? s : ci(a, i, t, o)
	});
}
var fi = 36e5, pi = 24 * fi, mi = 6e4, hi = { kind: "all" };
function gi(e) {
	let { userId: t, resourceType: n, resourceId: r, requestId: i, sessionId: a, ipAddress: o } = e, s = (t) => _i(Date.parse(e.timestamp), t), c = [];
	return t && c.push({
		name: "user",
		filters: { userId: t },
		range: hi
	}), c.push({
		name: "resource",
		filters: {
			resourceType: n,
			resourceId: r
		},
		range: hi
	}), i && c.push({
		name: "request",
		filters: { requestId: i },
		range: s(fi)
	}), a && c.push({
		name: "session",
		filters: { sessionId: a },
		range: s(pi)
	}), o && c.push({
		name: "address",
		filters: { ipAddress: o },
		range: s(pi)
	}), c;
}
function _i(e, t) {
	let n = (e) => new Date(Math.max(e, 0)).toISOString();
	return {
		kind: "fixed",
		start: n(e - t),
		end: n(e + t)
	};
}
function vi(e) {
	return {
		count: Math.min(e.items.length, 20),
		hasMore: e.items.length > 20 || e.nextCursor !== null
	};
}
var yi = /* @__PURE__ */ new WeakMap();
function bi(e, t, n, r) {
	let i = yi.get(e) ?? /* @__PURE__ */ new Map();
	yi.set(e, i);
	let a = {
		tenantId: t || void 0,
		...n.filters,
		...zt(n.range, r)
	}, o = JSON.stringify(a), s = i.get(o);
	if (s && r - s.atMs < mi) return s.count;
	for (let [e, { atMs: t }] of i) r - t >= mi && i.delete(e);
	let c = e.listEvents({
		...a,
		limit: 21
	}).then(vi);
	return i.set(o, {
		atMs: r,
		count: c
	}), c.catch(() => i.delete(o)), c;
}
// src/views/event/pivot-link.tsx
var xi = 300;
function Si({ pivot: e, tenantId: t }) {
	let n = Ci(e, t), [r, i] = G.event.pivots[e.name], { shown: a, spoken: o } = wi(n);
	return /* @__PURE__ */ q(Zn, {
		class: "event-pivot",
		label: G.event.pivotOf(r, i, o),
		to: {
			view: "trail",
			filters: e.filters,
			range: e.range,
			eventId: null
		},
		children: [a, /* @__PURE__ */ q("span", {
			"aria-hidden": "true",
			children: " →"
		})]
	});
}
function Ci(e, t) {
	let { api: n } = z(), [r, i] = I("counting");
	return L(() => {
		let r = !1, a = (e) => {
			r || i(e);
		}, o = setTimeout(() => {
			bi(n, t, e, Date.now()).then(a, () => a("failed"));
		}, xi);
		return () => {
			r = !0, clearTimeout(o);
		};
	}, [
		n,
		t,
		JSON.stringify(e)
	]), r;
}
function wi(e) {
	let { pivotNone: t, pivotCounting: n, pivotFailed: r, pivotCount: i } = G.event;
	if (e === "counting") return {
		shown: "…",
		spoken: n
	};
	if (e === "failed" || e.count === 0) return {
		shown: t,
		spoken: r
	};
	let a = i(K(e.count) + (e.hasMore ? "+" : ""), e.count === 1 && !e.hasMore);
	return {
		shown: a,
		spoken: a
	};
}
// src/views/event/section.tsx
function Ti({ title: e, note: t = "", isOpen: n = !0, children: r }) {
	return /* @__PURE__ */ q("details", {
		class: "event-section",
		open: n,
		children: [/* @__PURE__ */ q("summary", { children: [/* @__PURE__ */ q("h3", { children: e }), t && /* @__PURE__ */ q("span", {
			class: "event-note",
			children: t
		})] }), /* @__PURE__ */ q("div", {
			class: "event-content",
			children: r
		})]
	});
}
// src/views/event/submitter.ts
function Ei(e) {
	let { submitters: t } = G.event;
	return e === void 0 ? t.absent : e.startsWith("token:") ? t.token : e.startsWith("arn:") ? t.arn : e.startsWith("AROA") ? t.role : e.startsWith("AIDA") ? t.user : t.other;
}
// src/views/event/overview.tsx
var { fields: Di, groups: Oi } = G.event, ki = 6e4;
function Ai({ event: e, tenantId: t }) {
	let n = new Map(gi(e).map((e) => [e.name, e])), r = (e) => {
		let r = n.get(e);
		return r && /* @__PURE__ */ q(Si, {
			pivot: r,
			tenantId: t
		});
	};
	return /* @__PURE__ */ q(Ti, {
		title: G.event.overview,
		children: [
			/* @__PURE__ */ q(ji, {
				name: Oi.who,
				children: [
					e.username && /* @__PURE__ */ q(Mi, {
						name: Di.username,
						text: e.username
					}),
					/* @__PURE__ */ q(Mi, {
						name: Di.userId,
						text: e.userId,
						absent: G.event.absent,
						pivot: r("user")
					}),
					/* @__PURE__ */ q(Ni, { event: e })
				]
			}),
			/* @__PURE__ */ q(ji, {
				name: Oi.what,
				children: [
					/* @__PURE__ */ q(Mi, {
						name: Di.action,
						text: e.action
					}),
					/* @__PURE__ */ q(Mi, {
						name: Di.resourceType,
						text: e.resourceType
					}),
					/* @__PURE__ */ q(Mi, {
						name: Di.resourceId,
						text: e.resourceId,
						pivot: r("resource")
					})
				]
			}),
			/* @__PURE__ */ q(ji, {
				name: Oi.outcome,
				children: [/* @__PURE__ */ q(Mi, {
					name: Di.success,
					children: /* @__PURE__ */ q(Zr, { success: e.success })
				}), /* @__PURE__ */ q(Mi, {
					name: Di.errorMessage,
					text: e.errorMessage
				})]
			}),
			/* @__PURE__ */ q(Pi, { event: e }),
			/* @__PURE__ */ q(ji, {
				name: Oi.where,
				children: [
					/* @__PURE__ */ q(Mi, {
						name: Di.ipAddress,
						text: e.ipAddress,
						absent: G.event.absent,
						pivot: r("address"),
						isCode: !0
					}),
					/* @__PURE__ */ q(Mi, {
						name: Di.userAgent,
						text: e.userAgent
					}),
					/* @__PURE__ */ q(Mi, {
						name: Di.sessionId,
						text: e.sessionId,
						pivot: r("session"),
						isCode: !0
					}),
					/* @__PURE__ */ q(Mi, {
						name: Di.requestId,
						text: e.requestId,
						pivot: r("request"),
						isCode: !0
					})
				]
			}),
			/* @__PURE__ */ q(ji, {
				name: Oi.record,
				children: [
					/* @__PURE__ */ q(Mi, {
						name: Di.id,
						text: e.id,
						isCode: !0
					}),
					/* @__PURE__ */ q(Mi, {
						name: Di.eventId,
						text: e.eventId,
						isCode: !0
					}),
					/* @__PURE__ */ q(Mi, {
						name: Di.tenantId,
						text: e.tenantId,
						isCode: !0
					}),
					/* @__PURE__ */ q(Mi, {
						name: Di.digest,
						text: e.digest,
						isCode: !0
					}),
					/* @__PURE__ */ q(Mi, {
						name: Di.v,
						text: String(e.v),
						isCode: !0
					})
				]
			})
		]
	});
}
function ji({ name: e, children: t }) {
	return /* @__PURE__ */ q("div", {
		class: "event-group",
		children: [/* @__PURE__ */ q("h4", { children: e }), /* @__PURE__ */ q("dl", { children: t })]
	});
}
function Mi({ name: e, text: t, absent: n, isCode: r = !1, pivot: i, children: a }) {
	return t === void 0 && n === void 0 && !a ? null : /* @__PURE__ */ q("div", {
		class: "event-fact",
		children: [/* @__PURE__ */ q("dt", { children: e }), /* @__PURE__ */ q("dd", { children: [/* @__PURE__ */ q("div", {
			class: r ? "event-value event-code" : "event-value",
			children: [t === void 0 ? /* @__PURE__ */ q("span", {
				class: "event-quiet",
				children: n
			}) : /* @__PURE__ */ q(Ln, { text: t }), a]
		}), i] })]
	});
}
function Ni({ event: e }) {
	let { submitters: t } = G.event, { submittedBy: n } = e;
	return /* @__PURE__ */ q(Mi, {
		name: Di.submittedBy,
		text: n,
		absent: t.absent,
		children: /* @__PURE__ */ q("p", {
			class: "event-why",
			children: n ? Ei(n) : t.absentWhy
		})
	});
}
function Pi({ event: e }) {
	let t = Date.parse(e.receivedAt) - Date.parse(e.timestamp);
	return /* @__PURE__ */ q(ji, {
		name: Oi.when,
		children: [/* @__PURE__ */ q(Fi, {
			name: Di.timestamp,
			value: e.timestamp
		}), /* @__PURE__ */ q(Fi, {
			name: Di.receivedAt,
			value: e.receivedAt,
			children: Math.abs(t) > ki && /* @__PURE__ */ q("p", {
				class: "event-gap",
				children: Ii(t)
			})
		})]
	});
}
function Fi({ name: e, value: t, children: n }) {
	return /* @__PURE__ */ q(Mi, {
		name: e,
		children: [
			/* @__PURE__ */ q(di, { value: t }),
			" ",
			/* @__PURE__ */ q("span", {
				class: "event-code event-instant",
				children: t
			}),
			n
		]
	});
}
function Ii(e) {
	let t = gn(Math.abs(e));
	return e > 0 ? G.event.receivedAfter(t) : G.event.receivedBefore(t);
}
// src/verify/problems.ts
var J = class extends Error {
	code;
	facts;
	isRefuted;
	constructor(e, t = [], n = !0) {
		super(e), this.code = e, this.facts = t, this.isRefuted = n, this.name = "VerificationError";
	}
};
function Li(e, t = []) {
	return new J(e, t, !1);
}
// src/verify/bytes.ts
var Ri = /[\ud800-\udfff]/u;
function zi(e) {
	return !Ri.test(e);
}
function Bi(e) {
	return new TextEncoder().encode(e);
}
function Vi(e) {
	return Array.from(e, (e) => e.toString(16).padStart(2, "0")).join("");
}
function Hi(e) {
	return Uint8Array.from(e.match(/../g) ?? [], (e) => Number.parseInt(e, 16));
}
function Ui(e) {
	return btoa(Array.from(e, (e) => String.fromCharCode(e)).join(""));
}
function Wi(e) {
	let t;
	try {
		t = atob(e);
	} catch {
		throw new J("base64");
	}
	if (btoa(t) !== e) throw new J("base64");
	return Uint8Array.from(t, (e) => e.charCodeAt(0));
}
function Gi(...e) {
	let t = new Uint8Array(e.reduce((e, t) => e + t.length, 0)), n = 0;
	for (let r of e) t.set(r, n), n += r.length;
	return t;
}
function Ki(e, t) {
	return e.length === t.length && e.every((e, n) => e === t[n]);
}
// src/verify/crypto.ts
function qi() {
	return globalThis.crypto?.subtle !== void 0;
}
async function Ji(e) {
	return new Uint8Array(await crypto.subtle.digest("SHA-256", e));
}
async function Yi(e, t, n) {
	if (e.length !== 32 || t.length !== 64) return !1;
	try {
		let r = await crypto.subtle.importKey("raw", e, "Ed25519", !1, ["verify"]);
		return await crypto.subtle.verify("Ed25519", r, t, n);
	} catch {
		return !1;
	}
}
var Xi = Hi("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"), Zi = Hi("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
async function Qi() {
	let [e, t] = await Promise.all([Yi(Xi, Zi, Uint8Array.of(114)), Yi(Xi, Zi, Uint8Array.of(115))]);
	return e && !t;
}
var $i = 1n << 63n, ea = /^(?:0|[1-9][0-9]{0,18})$/, ta = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
function na(e) {
	let t = e.text.slice(0, -1).split("\n"), [n, r, i] = t;
	if (t.length !== 3 || !n || r === void 0 || i === void 0) throw new J("checkpointForm");
	let a = {
		origin: n,
		size: ra(r),
		root: Wi(i)
	}, o = a.size === 0n;
	if (a.root.length !== 32 || o && Vi(a.root) !== ta) throw new J("checkpointForm");
	return a;
}
function ra(e) {
	let t = ea.test(e) ? BigInt(e) : $i;
	if (t >= $i) throw new J("checkpointForm");
	return t;
}
function ia(e, t) {
	return e.size === t.size && Ki(e.root, t.root);
}
var aa = 64, oa = 4e3, sa = 4, ca = "— ", la = /[\x00-\x09\x0b-\x1f\ud800-\udfff]/u, ua = /^[^\p{White_Space}+]+$/u, da = 1, fa = 4;
function pa(e) {
	if (e.length > 2e5) throw new J("tooLong");
	let t = e.lastIndexOf("\n\n"), n = e.slice(t + 2);
	if (la.test(e) || t < 0 || !n.endsWith("\n")) throw new J("noteForm");
	let r = n.slice(0, -1).split("\n");
	if (r.length > aa) throw new J("noteLines");
	return {
		text: e.slice(0, t + 1),
		signatures: r.map(ma)
	};
}
function ma(e) {
	let t = e.startsWith(ca) ? e.slice(2) : "", n = t.indexOf(" "), r = t.slice(0, Math.max(n, 0));
	if (!_a(r)) throw new J("noteLines");
	let i = Wi(t.slice(n + 1));
	if (i.length <= sa) throw new J("noteLines");
	return {
		name: r,
		keyId: Vi(i.subarray(0, sa)),
		content: i.slice(sa)
	};
}
async function ha(e) {
	let [t = "", n = "", ...r] = e.slice(0, 4001).split("+");
	if (e.length > oa || !_a(t) || !/^[0-9a-f]{8}$/.test(n)) throw new J("keyForm");
	let i = Wi(r.join("+")), a = i.slice(1);
	if (i[0] !== da || a.length !== 32) throw new J("keyType");
	let [o, s, c] = await Promise.all([
		ga(t, da, a),
		ga(t, fa, a),
		Ji(a)
	]);
	if (o !== n) throw new J("keyId");
	return {
		text: e,
		name: t,
		publicKey: a,
		id: n,
		cosignerId: s,
		fingerprint: Vi(c)
	};
}
async function ga(e, t, n) {
	return Vi((await Ji(Gi(Bi(`${e}\n`), Uint8Array.of(t), n))).subarray(0, sa));
}
function _a(e) {
	return ua.test(e) && !la.test(e);
}
// src/verify/proof.ts
var va = "c2sp.org/tlog-proof@v1", ya = "extra ", ba = "index ", xa = 63;
function Sa(e) {
	if (e.length > 2e5) throw new J("tooLong");
	let t = e.indexOf("\n\n"), [n, ...r] = e.slice(0, Math.max(t, 0)).split("\n");
	if (n !== va) throw new J("proofForm");
	r[0]?.startsWith(ya) && Wi(r.shift()?.slice(6) ?? "");
	let i = r.shift();
	if (!i?.startsWith(ba) || r.length > xa) throw new J("proofForm");
	let a = r.map(Wi);
	if (a.some((e) => e.length !== 32)) throw new J("proofForm");
	let o = e.slice(t + 2), s = pa(o);
	return {
		index: ra(i.slice(6)),
		hashes: a,
		note: s,
		noteText: o,
		checkpoint: na(s)
	};
}
// src/verify/bundle.ts
var Ca = "auditlog-bundle/v1", wa = "auditlog-bundle/v2", Ta = 8e6, Ea = 512, Da = 0xe677d21fdbff, Oa = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, ka = /^\{(?::(?:0|[1-9][0-9]{0,15})?,?)+\}$/;
function Aa(e) {
	let { format: t, id: n, event: r, proof: i, ...a } = ja(e);
	if (t !== Ca && t !== wa) throw new J("bundleFormat");
	if (typeof n != "string" || typeof r != "string" || typeof i != "string") throw new J("bundleFields");
	if (!zi(r)) throw new J("bundleUnicode");
	let o = Pa(r);
	return {
		format: t,
		id: n,
		canonical: Bi(r),
		event: o,
		timeMs: Ia(o.timestamp),
		receipt: La(t, a),
		proof: Sa(i)
	};
}
function ja(e) {
	if (e.length > Ta) throw new J("tooLong");
	let t = Fa(e);
	if (t === null) throw new J("bundleJson");
	let n = Ma(e), r = n.split(":").length - 1;
	if (!ka.test(n) || r !== Object.keys(t).length) throw new J("bundleFields");
	return t;
}
function Ma(e) {
	let t = [], n = 0;
	for (;;) {
		let r = e.indexOf("\"", n);
		if (r < 0) break;
		t.push(e.slice(n, r));
		let i = e.indexOf("\"", r + 1);
		for (; Na(e, i) % 2 == 1;) i = e.indexOf("\"", i + 1);
		n = i + 1;
	}
	return [...t, e.slice(n)].join("").replace(/[ \t\r\n]/g, "");
}
function Na(e, t) {
	let n = 0;
	for (; e.charAt(t - 1 - n) === "\\";) n++;
	return n;
}
function Pa(e) {
	let t = Fa(e);
	if (t === null) throw new J("bundleEvent");
	return t;
}
function Fa(e) {
	try {
		let t = JSON.parse(e);
		return typeof t == "object" && t && !Array.isArray(t) ? t : null;
	} catch {
		return null;
	}
}
function Ia(e) {
	let t = typeof e == "string" && Oa.test(e) ? Date.parse(e) : NaN;
	if (!(t >= 0 && t <= Da) || new Date(t).toISOString() !== e) throw new J("bundleEvent");
	return t;
}
function La(e, t) {
	if (e === Ca && Object.keys(t).length === 0) return null;
	let { receivedAt: n, submittedBy: r, ...i } = t;
	if (e === wa && Object.keys(i).length === 0 && typeof n == "number" && Number.isInteger(n) && n >= 0 && n <= Da && typeof r == "string" && r.length <= Ea && /^[ -~]+$/.test(r)) return {
		receivedAt: n,
		submittedBy: r
	};
	throw new J("bundleFields");
}
async function Ra(e, t, n) {
	let r = `{"digest":"${Vi(t)}","id":"${e}",`;
	if (n === null) return Bi(`${r}"v":1}`);
	let i = Vi(await Ji(Bi(n.submittedBy)));
	return Bi(r + `"receivedAt":${n.receivedAt},"submitter":"${i}","v":2}`);
}
// src/verify/merkle.ts
function za(e) {
	return Ji(Gi(Uint8Array.of(0), e));
}
function Ba(e, t) {
	return Ji(Gi(Uint8Array.of(1), e, t));
}
async function Va(e, t, n, r, i) {
	if (t < 0n || t >= n) throw new J("indexBeyond");
	let a = new Wa(t, n - 1n), o = e;
	for (let e of r) o = a.climb() ? await Ba(e, o) : await Ba(o, e);
	if (a.last !== 0n) throw new J("proofHashes");
	Ua(o, i);
}
async function Ha(e, t, n, r, i) {
	if (e < 0n || e > n) throw new J("historySmaller");
	if (e === 0n || e === n) {
		if (i.length > 0) throw new J("proofHashes");
		e > 0n && Ua(r, t);
		return;
	}
	let [a, ...o] = (e & e - 1n) == 0n ? [t, ...i] : i;
	if (a === void 0) throw new J("proofHashes");
	let s = new Wa(e - 1n, n - 1n);
	s.skipRight();
	let [c, l] = [a, a];
	for (let e of o) s.climb() ? (c = await Ba(e, c), l = await Ba(e, l)) : l = await Ba(l, e);
	if (s.last !== 0n) throw new J("proofHashes");
	Ua(c, t), Ua(l, r);
}
function Ua(e, t) {
	if (!Ki(e, t)) throw new J("rootDiffers", [{
		name: "root",
		kind: "hash",
		value: Ui(t)
	}, {
		name: "rootComputed",
		kind: "hash",
		value: Ui(e)
	}]);
}
var Wa = class {
	node;
	last;
	constructor(e, t) {
		this.node = e, this.last = t;
	}
	climb() {
		if (this.last === 0n) throw new J("proofHashes");
		let e = (this.node & 1n) == 1n || this.node === this.last;
		if (e) for (; (this.node & 1n) == 0n && this.node > 0n;) this.step();
		return this.step(), e;
	}
	skipRight() {
		for (; (this.node & 1n) == 1n;) this.step();
	}
	step() {
		this.node >>= 1n, this.last >>= 1n;
	}
};
function Ga(e, t) {
	let n = [], [r, i] = [0n, t];
	if (e === 0n || e === t) return n;
	for (; e !== i;) {
		let t = r + qa(i - r);
		e <= t ? (n.push([t, i]), i = t) : (n.push([r, t]), r = t);
	}
	return r > 0n && n.push([r, i]), n.reverse();
}
function Ka([e, t]) {
	let n = [];
	for (let r = e; r < t;) {
		let e = r + (1n << BigInt((t - r).toString(2).length - 1));
		n.push([r, e]), r = e;
	}
	return n;
}
function qa(e) {
	return 1n << BigInt((e - 1n).toString(2).length - 1);
}
// src/verify/tiles.ts
var Ja = 8, Ya = 256n;
function Xa(e, t, n) {
	let r = [String(t % 1000n).padStart(3, "0")];
	for (let e = t / 1000n; e > 0n; e /= 1000n) r.unshift(`x${String(e % 1000n).padStart(3, "0")}`);
	return `${e}/${r.join("/")}${n === Ya ? "" : `.p/${n}`}`;
}
function Za(e, t, n) {
	let r = /* @__PURE__ */ new Map(), i = (e, i) => {
		let a = eo((t >> BigInt(Ja * e)) - i * Ya, Ya), o = Xa(e, i, a), s = r.get(o) ?? Qa(n, e, i, a);
		return r.set(o, s), s;
	}, a = async ([e, t]) => {
		let n = (t - e).toString(2).length - 1, r = Math.floor(n / Ja), a = e >> BigInt(Ja * r), o = await i(r, a / Ya), s = Number(a % Ya);
		return $a(o.slice(s, s + (1 << n % Ja)));
	};
	return Promise.all(Ga(e, t).map(async (e) => {
		let t = await Promise.all(Ka(e).map(a)), n = t.pop();
		for (let e of t.reverse()) n &&= await Ba(e, n);
		if (n === void 0) throw new J("tileForm");
		return n;
	}));
}
async function Qa(e, t, n, r) {
	let i = Xa(t, n, r), a = [{
		name: "tile",
		kind: "text",
		value: i
	}], o = await e(i);
	if (o === null && r < Ya && (o = (await e(Xa(t, n, Ya)))?.slice(0, Number(r) * 32) ?? null), o === null) throw Li("tileMissing", a);
	if (o.length !== Number(r) * 32) throw new J("tileForm", a);
	let s = o;
	return Array.from({ length: Number(r) }, (e, t) => s.slice(t * 32, (t + 1) * 32));
}
async function $a(e) {
	let [t, n] = e;
	if (t === void 0) throw new J("tileForm");
	if (n === void 0) return t;
	let r = e.length / 2;
	return Ba(await $a(e.slice(0, r)), await $a(e.slice(r)));
}
function eo(e, t) {
	return e < t ? e : t;
}
// src/verify/history.ts
async function to(e, t, n) {
	let r = [
		{
			name: "seenSize",
			kind: "number",
			value: e.size
		},
		{
			name: "size",
			kind: "number",
			value: t.size
		},
		{
			name: "seenRoot",
			kind: "hash",
			value: Ui(e.root)
		},
		{
			name: "root",
			kind: "hash",
			value: Ui(t.root)
		}
	];
	if (ia(e, t)) return;
	if (e.size > t.size) throw new J("historySmaller", r);
	if (e.size === t.size) throw new J("historyForked", r);
	let i = await Za(e.size, t.size, n);
	try {
		await Ha(e.size, e.root, t.size, t.root, i);
	} catch (e) {
		throw e instanceof J ? new J("historyForked", r) : e;
	}
}
// src/verify/ids.ts
var no = "0123456789ABCDEFGHJKMNPQRSTVWXYZ", ro = 26, io = 10;
function ao(e, t) {
	let n = BigInt(e);
	for (let e of t.subarray(0, 10)) n = n << 8n | BigInt(e);
	let r = "";
	for (let e = 0; e < ro; e++) r = no.charAt(Number(n & 31n)) + r, n >>= 5n;
	return r;
}
function oo(e) {
	return e.slice(io);
}
// src/verify/shown.ts
var so = 20, co = [
	"id",
	"digest",
	"receivedAt",
	"submittedBy"
];
function lo(e, t, n, r) {
	let i = {
		...t.event,
		id: n,
		digest: Vi(r)
	}, a = /* @__PURE__ */ new Set([...Object.keys(i), ...Object.keys(e)]), o = [];
	for (let t of a) {
		if (co.includes(t) && t !== "id" && t !== "digest") continue;
		let [n, r] = [fo(e[t]), fo(i[t])];
		n !== r && o.push({
			name: "field",
			kind: "difference",
			field: t,
			shown: n,
			proved: r
		});
	}
	if (o.length > 0) throw new J("shownDiffers", o.slice(0, so));
}
function uo(e, { receivedAt: t, submittedBy: n }) {
	let r = {
		receivedAt: new Date(t).toISOString(),
		submittedBy: n
	};
	return Object.entries(r).flatMap(([t, n]) => {
		let [r, i] = [fo(e[t]), fo(n)];
		return r === i ? [] : [{
			name: "field",
			kind: "difference",
			field: t,
			shown: r,
			proved: i
		}];
	});
}
function fo(e) {
	return e === void 0 ? "" : JSON.stringify(e, (e, t) => typeof t == "number" && !Number.isFinite(t) ? `${t}` : typeof t != "object" || !t || Array.isArray(t) ? t : Object.fromEntries(Object.entries(t).sort(([e], [t]) => e < t ? -1 : 1)));
}
// src/verify/signatures.ts
var po = 8, mo = 253402300799n;
async function ho(e, t) {
	let n = e.signatures.filter((e) => yo(e, t.name, t.id));
	if (n.length === 0) throw new J("notSigned");
	for (let r of n) if (!await Yi(t.publicKey, r.content, Bi(e.text))) throw new J("signatureInvalid");
}
async function go(e, t) {
	let n = null;
	for (let r of e.signatures) {
		if (!yo(r, t.name, t.cosignerId)) continue;
		let i = await _o(e.text, r.content, t.publicKey);
		n = Math.max(n ?? 0, Number(i) * 1e3);
	}
	return n;
}
async function _o(e, t, n) {
	if (t.length !== 72) throw new J("cosignatureInvalid");
	let r = new DataView(t.buffer, t.byteOffset).getBigUint64(0), i = Bi(`cosignature/v1\ntime ${r}\n${e}`), a = await Yi(n, t.slice(po), i);
	if (r === 0n || r > mo || !a) throw new J("cosignatureInvalid");
	return r;
}
function vo(e, t) {
	return e.signatures.filter((e) => !yo(e, t.name, t.id) && !yo(e, t.name, t.cosignerId));
}
function yo(e, t, n) {
	return e.name === t && e.keyId === n;
}
// src/verify/steps.ts
var bo = [
	"bundle",
	"digest",
	"id",
	"shown",
	"inclusion",
	"receipt",
	"signature",
	"asOf",
	"witnesses",
	"key",
	"history"
], xo = [
	"bundle",
	"digest",
	"id",
	"inclusion",
	"signature"
], So = [
	"noReceipt",
	"noCosignature",
	"witnessesUnknown",
	"notPinned",
	"firstSeen",
	"storageRefused",
	"tilesForbidden"
], Co = class {
	found = /* @__PURE__ */ new Map();
	async run(e, t) {
		let n;
		try {
			let { facts: r, problem: i = null } = await t();
			n = {
				name: e,
				state: "passed",
				problem: i,
				facts: r
			};
		} catch (t) {
			let { code: r, facts: i, isRefuted: a } = wo(t);
			n = {
				name: e,
				state: a ? "failed" : "notPossible",
				problem: r,
				facts: i
			};
		}
		return this.found.set(e, n), n.state === "passed";
	}
	hasPassed(e) {
		return this.found.get(e)?.state === "passed";
	}
	get steps() {
		return bo.flatMap((e) => this.found.get(e) ?? []);
	}
	get verdict() {
		let { steps: e } = this;
		return e.some((e) => e.state === "failed") ? "refuted" : e.some((e) => e.state === "notPossible" && !So.includes(e.problem ?? "unexpected")) || !xo.every((e) => this.hasPassed(e)) ? "unproved" : "verified";
	}
};
function wo(e) {
	return e instanceof J ? e : Li("unexpected", [{
		name: "detail",
		kind: "text",
		value: e instanceof Error ? e.message : String(e)
	}]);
}
// src/verify/verify.ts
var To = 72e5, Eo = 3e5, Do = 16;
async function Oo(e, t) {
	let n = new ko(e, t);
	await n.checkAll();
	let { recorder: r, bundle: i, key: a, asOfMs: o } = n;
	return {
		verdict: r.verdict,
		steps: r.steps,
		checkpoint: i?.proof.checkpoint ?? null,
		note: i?.proof.noteText ?? null,
		key: a,
		asOfMs: o
	};
}
var ko = class {
	input;
	readTile;
	recorder = new Co();
	bundle = null;
	key = null;
	asOfMs = null;
	constructor(e, t) {
		this.input = e, this.readTile = t;
	}
	async checkAll() {
		let { recorder: e } = this;
		if (!await e.run("bundle", () => this.checkBundle()) || this.bundle === null) return;
		await this.checkEvent(this.bundle), await e.run("key", () => this.checkKey());
		let { bundle: t, key: n } = this;
		await e.run("signature", () => this.checkSignature(t, n)), await e.run("asOf", () => this.checkTime(t, n));
		let r = n ? vo(t.proof.note, n) : [];
		if (r.length > 0) {
			let t = r.slice(0, Do).map((e) => Po("witness", e.name));
			await e.run("witnesses", () => No(Li("witnessesUnknown", t)));
		}
		await e.run("history", () => this.checkHistory(t, n));
	}
	checkBundle() {
		if (!qi()) throw Li("noCrypto");
		return this.bundle = Aa(this.input.bundle), { facts: [Po("format", this.bundle.format)] };
	}
	async checkEvent(e) {
		let { recorder: t, input: n } = this, r = await Ji(e.canonical), i = ao(e.timeMs, r);
		await t.run("digest", () => Ao(n.id, i, Vi(r))), await t.run("id", () => jo(n, e, i));
		let { shown: a } = n;
		a !== null && await t.run("shown", () => (lo(a, e, i, r), { facts: [] })), await t.run("inclusion", async () => {
			let { proof: t } = e, { size: n, root: a } = t.checkpoint;
			return await Va(await za(await Ra(i, r, e.receipt)), t.index, n, t.hashes, a), { facts: [
				Io("index", t.index),
				Io("size", n),
				Fo("root", a)
			] };
		}), await t.run("receipt", () => this.checkReceipt(e));
	}
	checkReceipt({ receipt: e }) {
		if (e === null) throw Li("noReceipt");
		if (!this.recorder.hasPassed("inclusion")) throw Li("earlierFailed");
		let { receivedAt: t, submittedBy: n } = e, r = [Lo("receivedAt", t), Po("submittedBy", n)], { shown: i } = this.input, a = i === null ? [] : uo(i, e);
		if (a.length > 0) throw Li("receiptDiffers", [...r, ...a]);
		return { facts: r };
	}
	async checkKey() {
		let { pinned: e, seen: t, key: n } = this.input, r = await ha(e ?? n);
		this.key = r;
		let i = [Fo("fingerprint", r.fingerprint), Po("key", r.text)];
		if (e !== null && e !== n) {
			let e = await Mo(n);
			throw new J("pinDiffers", [
				Fo("fingerprintPinned", r.fingerprint),
				Fo("fingerprint", e),
				Po("key", n)
			]);
		}
		if (e !== null) return { facts: i };
		throw t !== null && t.key !== n ? Li("keyChanged", [Fo("fingerprintSeen", await Mo(t.key)), ...i]) : Li("notPinned", i);
	}
	async checkSignature(e, t) {
		if (t === null) throw Li("earlierFailed");
		let { proof: n } = e;
		if (n.checkpoint.origin !== t.name) throw new J("originDiffers", [Po("origin", n.checkpoint.origin), Po("originOfKey", t.name)]);
		if (!await Qi()) throw Li("noEd25519");
		return await ho(n.note, t), { facts: [Po("origin", t.name), Fo("fingerprint", t.fingerprint)] };
	}
	async checkTime(e, t) {
		if (t === null) throw Li("earlierFailed");
		if (!await Qi()) throw Li("noEd25519");
		let n = await go(e.proof.note, t);
		if (n === null) throw Li("noCosignature");
		this.asOfMs = n;
		let r = [Lo("asOf", n)], { nowMs: i } = this.input;
		return n - i > Eo ? {
			facts: r,
			problem: "ahead"
		} : i - n > To ? {
			facts: r,
			problem: "silent"
		} : { facts: r };
	}
	async checkHistory(e, t) {
		let { seen: n, memoryProblem: r } = this.input;
		if (!this.recorder.hasPassed("signature") || t === null) throw Li("earlierFailed");
		if (r !== null) throw Li(r);
		if (n === null) throw Li("firstSeen");
		if (n.key !== t.text) throw Li("otherKeySeen");
		let i = na(pa(n.note));
		return await to(i, e.proof.checkpoint, this.readTile), { facts: [Io("seenSize", i.size), Fo("seenRoot", i.root)] };
	}
};
function Ao(e, t, n) {
	let r = [Fo("digest", n)];
	if (oo(e) !== oo(t)) throw new J("digestDiffers", [...r, Po("idAsked", e)]);
	return { facts: r };
}
function jo(e, t, n) {
	if (n !== t.id || n !== e.id) {
		let r = [Po("idInBundle", t.id), Po("idAsked", e.id)];
		throw new J("idDiffers", [Po("id", n), ...r]);
	}
	let r = String(t.event.tenantId);
	if (e.tenantId !== "" && r !== e.tenantId) throw new J("tenantDiffers", [Po("tenant", r), Po("tenantAsked", e.tenantId)]);
	return { facts: [Po("id", n)] };
}
async function Mo(e) {
	try {
		return (await ha(e)).fingerprint;
	} catch {
		return e;
	}
}
function No(e) {
	throw e;
}
function Po(e, t) {
	return {
		name: e,
		kind: "text",
		value: t
	};
}
function Fo(e, t) {
	return {
		name: e,
		kind: "hash",
		value: typeof t == "string" ? t : Ui(t)
	};
}
function Io(e, t) {
	return {
		name: e,
		kind: "number",
		value: t
	};
}
function Lo(e, t) {
	return {
		name: e,
		kind: "time",
		value: t
	};
}
// src/state/proof.ts
var Ro = "prooftrail.verify";
async function zo(e, t, n, r) {
	let { id: i, tenantId: a, shown: o } = n, s = {
		tenantId: a || void 0,
		format: "json"
	}, [c, l] = await Promise.all([e.getProof(i, s, r), e.getLog(r)]), u = performance.now(), { trust: d, problem: f } = t.read(), p = String(l.verifierKey), m = await Oo({
		bundle: c,
		id: i,
		tenantId: a,
		shown: o,
		key: p,
		pinned: d.pinned,
		seen: d.seen,
		memoryProblem: f,
		nowMs: Date.now()
	}, Bo(e, r));
	performance.measure(Ro, { start: u }), r.throwIfAborted();
	let h = t.see(m) && f === null;
	return {
		result: m,
		bundle: c,
		givenKey: p,
		pinned: d.pinned,
		isKept: h
	};
}
function Bo(e, t) {
	return async (n) => {
		try {
			return await e.getTile(n, t);
		} catch (t) {
			if (!(t instanceof pe)) throw t;
			if (t.kind === "notFound") return null;
			let n = {
				name: "detail",
				kind: "text",
				value: t.message
			};
			throw Li(t.kind === "forbidden" && e.usesToken ? "tilesForbidden" : "tilesUnavailable", [n]);
		}
	};
}
function Vo(e) {
	return e instanceof pe && e.kind === "notFound" && e.retryAfter !== null;
}
// src/state/storage.ts
function Ho(e) {
	try {
		return e.localStorage;
	} catch {
		return null;
	}
}
// src/state/trust.ts
var Uo = {
	pinned: null,
	seen: null
}, Wo = "prooftrail.trust ", Go = class {
	storage;
	name;
	constructor(e, t) {
		this.storage = e, this.name = Wo + t;
	}
	read() {
		let e;
		try {
			if (this.storage === null) return {
				trust: Uo,
				problem: "storageRefused"
			};
			e = this.storage.getItem(this.name);
		} catch {
			return {
				trust: Uo,
				problem: "storageRefused"
			};
		}
		if (e === null) return {
			trust: Uo,
			problem: null
		};
		let t = Ko(e);
		return t === null ? {
			trust: Uo,
			problem: "storageDamaged"
		} : {
			trust: t,
			problem: null
		};
	}
	pin(e) {
		let { seen: t } = this.read().trust;
		return this.write({
			pinned: e,
			seen: t?.key === e ? t : null
		});
	}
	unpin() {
		return this.write({
			...this.read().trust,
			pinned: null
		});
	}
	forget() {
		return this.write(Uo);
	}
	see({ verdict: e, checkpoint: t, note: n, key: r }) {
		if (e !== "verified" || !t || n === null || r === null) return !0;
		let { trust: i, problem: a } = this.read();
		if (a !== null) return !1;
		let { seen: o } = i;
		return o !== null && na(pa(o.note)).size >= t.size || this.write({
			...i,
			seen: {
				key: r.text,
				note: n
			}
		});
	}
	write(e) {
		try {
			return this.storage?.setItem(this.name, JSON.stringify(e)), this.storage !== null;
		} catch {
			return !1;
		}
	}
};
function Ko(e) {
	try {
		let { pinned: t, seen: n } = JSON.parse(e);
		if (t !== null && typeof t != "string") return null;
		if (n === null) return {
			pinned: t,
			seen: n
		};
		let { key: r, note: i } = n;
		return typeof r != "string" || typeof i != "string" ? null : (na(pa(i)), {
			pinned: t,
			seen: {
				key: r,
				note: i
			}
		});
	} catch {
		return null;
	}
}
// src/views/event/summary.tsx
var qo = {
	verified: "✓",
	refuted: "✗",
	unproved: "!"
};
function Jo({ result: e }) {
	let { verdict: t, checkpoint: n, key: r, asOfMs: i } = e, [a, o] = G.verified.verdicts[t], s = G.verified.summary;
	return /* @__PURE__ */ q("div", {
		class: "verified-result",
		"data-verdict": t,
		role: t === "refuted" ? "alert" : "status",
		children: [
			/* @__PURE__ */ q("p", {
				class: "verified-verdict",
				children: [/* @__PURE__ */ q("span", {
					class: "verified-sign",
					"aria-hidden": "true",
					children: qo[t]
				}), a]
			}),
			/* @__PURE__ */ q("p", { children: o }),
			n && /* @__PURE__ */ q("dl", {
				class: "verified-summary",
				children: [
					/* @__PURE__ */ q("div", { children: [/* @__PURE__ */ q("dt", { children: s.asOf }), /* @__PURE__ */ q("dd", { children: i === null ? G.verified.unknownTime : /* @__PURE__ */ q(di, { value: new Date(i).toISOString() }) })] }),
					/* @__PURE__ */ q("div", { children: [/* @__PURE__ */ q("dt", { children: s.size }), /* @__PURE__ */ q("dd", { children: new Intl.NumberFormat(un).format(n.size) })] }),
					r && /* @__PURE__ */ q("div", { children: [/* @__PURE__ */ q("dt", { children: s.fingerprint }), /* @__PURE__ */ q("dd", { children: /* @__PURE__ */ q("code", {
						title: r.fingerprint,
						children: [Yo(r.fingerprint.slice(0, 16)), " …"]
					}) })] })
				]
			})
		]
	});
}
function Yo(e) {
	return e.replace(/(.{4})(?=.)/g, "$1 ");
}
// src/views/event/steps.tsx
var Xo = {
	passed: "✓",
	failed: "✗",
	notPossible: "–"
};
function Zo({ steps: e }) {
	return /* @__PURE__ */ q("ol", {
		class: "verified-steps",
		children: e.map((e) => /* @__PURE__ */ q(Qo, { step: e }, e.name))
	});
}
function Qo({ step: { name: e, state: t, problem: n, facts: r } }) {
	return /* @__PURE__ */ q("li", {
		class: "verified-step",
		"data-step": e,
		"data-state": t,
		children: [/* @__PURE__ */ q("span", {
			class: "verified-sign",
			"aria-hidden": "true",
			children: Xo[t]
		}), /* @__PURE__ */ q("div", { children: [
			/* @__PURE__ */ q("div", {
				class: "verified-step-head",
				children: [/* @__PURE__ */ q("span", {
					class: "verified-step-name",
					children: G.verified.steps[e]
				}), /* @__PURE__ */ q("span", {
					class: "verified-state",
					children: G.verified.states[t]
				})]
			}),
			n !== null && /* @__PURE__ */ q("p", {
				class: "verified-problem",
				children: G.verified.problems[n]
			}),
			r.length > 0 && /* @__PURE__ */ q("dl", {
				class: "verified-facts",
				children: r.map((e, t) => /* @__PURE__ */ q($o, { fact: e }, t))
			})
		] })]
	});
}
function $o({ fact: e }) {
	return e.kind === "difference" ? /* @__PURE__ */ q(ts, { ...e }) : /* @__PURE__ */ q(S, { children: [/* @__PURE__ */ q("dt", { children: G.verified.facts[e.name] }), /* @__PURE__ */ q("dd", { children: /* @__PURE__ */ q(es, { fact: e }) })] });
}
function es({ fact: e }) {
	switch (e.kind) {
		case "number": return /* @__PURE__ */ q(S, { children: new Intl.NumberFormat(un).format(e.value) });
		case "time": return /* @__PURE__ */ q(di, { value: new Date(Number(e.value)).toISOString() });
		case "hash": return /* @__PURE__ */ q("code", { children: /^[0-9a-f]{64}$/.test(e.value) ? Yo(e.value) : e.value });
		case "text": return /* @__PURE__ */ q("code", { children: /* @__PURE__ */ q(Ln, { text: e.value }) });
	}
}
function ts({ field: e, shown: t, proved: n }) {
	let { difference: r } = G.verified;
	return /* @__PURE__ */ q(S, { children: [/* @__PURE__ */ q("dt", { children: /* @__PURE__ */ q(Ln, { text: e }) }), /* @__PURE__ */ q("dd", { children: /* @__PURE__ */ q("div", {
		class: "verified-difference",
		children: [
			/* @__PURE__ */ q("span", { children: r.shown }),
			/* @__PURE__ */ q("code", { children: t === "" ? r.absent : /* @__PURE__ */ q(Ln, { text: t }) }),
			/* @__PURE__ */ q("span", { children: r.proved }),
			/* @__PURE__ */ q("code", { children: n === "" ? r.absent : /* @__PURE__ */ q(Ln, { text: n }) })
		]
	}) })] });
}
// src/views/event/verified.tsx
var ns = 60;
function rs({ id: e, tenantId: t, shown: n }) {
	let { api: r, settings: i } = z(), [a, o] = I({ kind: "checking" }), [s, c] = I(0), l = () => c((e) => e + 1), u = Fe(() => {
		let e = [
			i.api || window.location.origin,
			i.stack,
			i.logOfRun
		];
		return new Go(Ho(window), e.filter(Boolean).join(" "));
	}, [i]);
	return L(() => {
		let i = new AbortController(), { signal: a } = i, s, c = {
			id: e,
			tenantId: t,
			shown: n === void 0 ? null : { ...n }
		};
		return zo(r, u, c, a).then((e) => o({
			kind: "done",
			proved: e
		}), (e) => {
			if (a.aborted) return;
			if (!Vo(e)) return o({
				kind: "failed",
				error: e
			});
			o({ kind: "notPublished" });
			let t = Math.min(e.retryAfter ?? ns, ns);
			s = window.setTimeout(l, t * 1e3);
		}), () => {
			i.abort(), window.clearTimeout(s);
		};
	}, [
		r,
		u,
		e,
		t,
		n,
		s
	]), /* @__PURE__ */ q("section", {
		class: "verified",
		"aria-label": G.verified.title,
		children: /* @__PURE__ */ q(is, {
			state: a,
			trust: u,
			again: l
		})
	});
}
function is({ state: e, trust: t, again: n }) {
	switch (e.kind) {
		case "checking": return /* @__PURE__ */ q("p", {
			class: "verified-quiet",
			role: "status",
			children: G.verified.checking
		});
		case "notPublished": return /* @__PURE__ */ q("div", {
			class: "verified-result",
			"data-verdict": "waiting",
			role: "status",
			children: [/* @__PURE__ */ q("p", {
				class: "verified-verdict",
				children: G.verified.notPublished
			}), /* @__PURE__ */ q("p", { children: G.verified.notPublishedText })]
		});
		case "failed": return /* @__PURE__ */ q(Gn, {
			error: e.error,
			retry: n
		});
		case "done": return /* @__PURE__ */ q(as, {
			proved: e.proved,
			trust: t,
			again: n
		});
	}
}
function as({ proved: e, trust: t, again: n }) {
	let { result: r, bundle: i, isKept: a } = e, o = r.steps.filter((e) => e.state === "passed").length;
	return /* @__PURE__ */ q(S, { children: [
		/* @__PURE__ */ q(Jo, { result: r }),
		!a && /* @__PURE__ */ q("p", {
			class: "verified-quiet",
			children: G.verified.notKept
		}),
		/* @__PURE__ */ q("details", {
			class: "verified-more",
			open: r.verdict !== "verified",
			children: [
				/* @__PURE__ */ q("summary", { children: [G.verified.more, /* @__PURE__ */ q("span", {
					class: "verified-count",
					children: G.verified.passed(o, r.steps.length)
				})] }),
				/* @__PURE__ */ q(Zo, { steps: r.steps }),
				/* @__PURE__ */ q(os, {
					proved: e,
					trust: t,
					again: n
				}),
				/* @__PURE__ */ q("div", {
					class: "verified-actions",
					children: [/* @__PURE__ */ q(xn, {
						text: i,
						label: G.verified.copyBundle
					}), /* @__PURE__ */ q("button", {
						type: "button",
						class: "button",
						onClick: n,
						children: G.verified.again
					})]
				})
			]
		})
	] });
}
function os({ proved: e, trust: t, again: n }) {
	let { result: r, givenKey: i, pinned: a } = e, o = (e) => () => {
		e(), n();
	};
	if (ss(r)) return /* @__PURE__ */ q("div", {
		class: "verified-trust",
		children: [/* @__PURE__ */ q("p", { children: G.verified.forgetHelp }), /* @__PURE__ */ q("button", {
			type: "button",
			class: "button",
			onClick: o(() => t.forget()),
			children: G.verified.forget
		})]
	});
	if (a !== null) return /* @__PURE__ */ q("div", {
		class: "verified-trust",
		children: /* @__PURE__ */ q("button", {
			type: "button",
			class: "button",
			onClick: o(() => t.unpin()),
			children: G.verified.unpin
		})
	});
	if (r.key === null || r.verdict === "refuted") return null;
	let s = r.steps.some((e) => e.problem === "keyChanged");
	return /* @__PURE__ */ q("div", {
		class: "verified-trust",
		children: [/* @__PURE__ */ q("p", { children: G.verified.pinHelp }), /* @__PURE__ */ q("div", {
			class: "verified-actions",
			children: [/* @__PURE__ */ q("button", {
				type: "button",
				class: "button",
				onClick: o(() => t.pin(i)),
				children: s ? G.verified.pinNew : G.verified.pin
			}), /* @__PURE__ */ q(xn, {
				text: i,
				label: G.verified.copyKey
			})]
		})]
	});
}
function ss({ steps: e }) {
	return e.some(({ name: e, state: t, problem: n }) => n === "storageDamaged" || t === "failed" && (e === "key" || e === "history"));
}
// src/views/event/event.tsx
function cs({ id: e, tenantId: t }) {
	let [n, r] = Jr(e, t);
	return /* @__PURE__ */ q("section", {
		class: "event",
		"aria-label": G.event.label,
		children: [/* @__PURE__ */ q(ls, {
			id: e,
			event: n.kind === "ready" ? n.event : null
		}), /* @__PURE__ */ q("div", {
			class: "event-body",
			children: /* @__PURE__ */ q(us, {
				loaded: n,
				id: e,
				tenantId: t,
				retry: r
			})
		})]
	});
}
function ls({ id: e, event: t }) {
	let { navigation: n } = z();
	return /* @__PURE__ */ q("header", {
		class: "event-header",
		children: [
			/* @__PURE__ */ q(Zn, {
				class: "event-back",
				to: { eventId: null },
				children: [/* @__PURE__ */ q("span", {
					"aria-hidden": "true",
					children: "←"
				}), G.trail.back]
			}),
			/* @__PURE__ */ q("div", {
				class: "event-title",
				children: [
					/* @__PURE__ */ q("h2", { children: t ? /* @__PURE__ */ q(Ln, {
						line: !0,
						text: t.action
					}) : G.event.label }),
					t && /* @__PURE__ */ q(Zr, { success: t.success }),
					/* @__PURE__ */ q("button", {
						type: "button",
						class: "event-close",
						"aria-label": G.event.close,
						title: G.event.closeKey,
						onClick: () => n.go({ eventId: null }),
						children: /* @__PURE__ */ q("span", {
							"aria-hidden": "true",
							children: "✕"
						})
					})
				]
			}),
			/* @__PURE__ */ q("div", {
				class: "event-actions",
				children: [/* @__PURE__ */ q(xn, {
					text: e,
					label: G.event.copyId
				}), /* @__PURE__ */ q(xn, {
					text: () => new URL(n.href({ eventId: e }), window.location.href).href,
					label: G.event.copyLink
				})]
			})
		]
	});
}
function us({ loaded: e, id: t, tenantId: n, retry: r }) {
	switch (e.kind) {
		case "loading": return /* @__PURE__ */ q(Qn, {});
		case "unreadable": return /* @__PURE__ */ q(fs, { reason: e.reason });
		case "failed": return /* @__PURE__ */ q(S, { children: [/* @__PURE__ */ q(Gn, {
			error: e.error,
			retry: r
		}), e.error instanceof pe && e.error.kind === "notFound" && /* @__PURE__ */ q(ds, {})] });
		case "ready": return /* @__PURE__ */ q(ps, {
			event: e.event,
			id: t,
			tenantId: n
		});
	}
}
function ds() {
	let [e, ...t] = G.event.gone;
	return /* @__PURE__ */ q("div", {
		class: "event-reasons",
		children: [/* @__PURE__ */ q("h3", { children: e }), /* @__PURE__ */ q("ul", { children: t.map((e) => /* @__PURE__ */ q("li", { children: e }, e)) })]
	});
}
function fs({ reason: e }) {
	let [t, n, r] = G.event.unreadable;
	return /* @__PURE__ */ q("div", {
		class: "event-unreadable",
		role: "alert",
		children: [
			/* @__PURE__ */ q("h3", { children: [
				/* @__PURE__ */ q("span", {
					"aria-hidden": "true",
					children: "!"
				}),
				" ",
				t
			] }),
			/* @__PURE__ */ q("p", { children: /* @__PURE__ */ q(Ln, { text: e }) }),
			/* @__PURE__ */ q("p", { children: n }),
			/* @__PURE__ */ q("p", { children: r })
		]
	});
}
function ps({ event: e, id: t, tenantId: n }) {
	let { changes: r, details: i, metadata: a } = e;
	return /* @__PURE__ */ q(S, { children: [
		/* @__PURE__ */ q(rs, {
			id: t,
			tenantId: n,
			shown: e
		}),
		/* @__PURE__ */ q(Ai, {
			event: e,
			tenantId: n
		}),
		r && /* @__PURE__ */ q(Ti, {
			title: G.event.changes,
			children: /* @__PURE__ */ q(Br, {
				before: r.before ?? {},
				after: r.after ?? {},
				fields: r.fields ?? []
			})
		}),
		i && /* @__PURE__ */ q(ms, {
			title: G.event.details,
			value: i
		}),
		a && /* @__PURE__ */ q(ms, {
			title: G.event.metadata,
			value: a
		}),
		/* @__PURE__ */ q(hs, { event: e })
	] });
}
function ms({ title: e, value: t }) {
	let n = rr(t);
	return /* @__PURE__ */ q(Ti, {
		title: e,
		note: G.event.keys(K(n), n === 1),
		children: /* @__PURE__ */ q(Or, {
			value: t,
			name: e
		})
	});
}
function hs({ event: e }) {
	let t = Fe(() => cr(e), [e]), n = hn(new TextEncoder().encode(t).length);
	return /* @__PURE__ */ q(Ti, {
		title: G.event.canonical,
		note: n,
		isOpen: !1,
		children: [
			/* @__PURE__ */ q("p", {
				class: "event-quiet",
				children: G.event.canonicalWhy
			}),
			/* @__PURE__ */ q(xn, {
				text: t,
				label: G.event.copyCanonical
			}),
			/* @__PURE__ */ q("div", {
				class: "event-json",
				children: /* @__PURE__ */ q(Ln, { text: t })
			})
		]
	});
}
// src/state/filter-focus.ts
var gs = "prooftrail-filter-focus";
function _s(e) {
	e.getRootNode().dispatchEvent(new Event(gs));
}
function vs(e, t) {
	let n = e.getRootNode();
	return n.addEventListener(gs, t), () => n.removeEventListener(gs, t);
}
// src/state/live.ts
var ys = 5e3, bs = 15e3, xs = nn / 6e4;
function Ss(e, t) {
	let n = H("on"), r = new AbortController(), i = 0, a = !1, o;
	async function s() {
		if (t.hidden || a) return;
		a = !0;
		let e = await c();
		a = !1, l(e);
	}
	async function c() {
		try {
			return await e.poll(i % 12 == 0, r.signal), i += 1, r.signal.aborted || (n.value = "on"), ys;
		} catch (e) {
			return e instanceof pe ? (n.value = "waiting", e.retryAfter === null ? bs : e.retryAfter * 1e3) : ys;
		}
	}
	function l(e) {
		clearTimeout(o), r.signal.aborted || (o = setTimeout(() => void s(), e));
	}
	function u() {
		clearTimeout(o), i = 0, t.hidden || l(0);
	}
	return t.addEventListener("visibilitychange", u), l(ys / 5), {
		status: n,
		stop() {
			r.abort(), clearTimeout(o), t.removeEventListener("visibilitychange", u), n.value = "off";
		}
	};
}
// src/views/trail/list/text.tsx
function Cs({ value: e, isCode: t = !1 }) {
	if (!e) return /* @__PURE__ */ q("span", {
		class: "list-quiet",
		children: [/* @__PURE__ */ q("span", {
			"aria-hidden": "true",
			children: "–"
		}), /* @__PURE__ */ q("span", {
			class: "list-hidden",
			children: G.trail.noValue
		})]
	});
	let n = /* @__PURE__ */ q(Ln, {
		text: e,
		line: !0
	});
	return t ? /* @__PURE__ */ q("span", {
		class: "list-code",
		children: n
	}) : n;
}
// src/views/trail/list/columns.tsx
var ws = {
	time: {
		width: 11.5,
		share: 0,
		render: (e, t) => Os(e.timestamp, t)
	},
	actor: {
		width: 8,
		share: 2,
		render: (e) => /* @__PURE__ */ q(Cs, { value: e.username || e.userId })
	},
	action: {
		width: 9,
		share: 2,
		render: (e) => /* @__PURE__ */ q(Cs, { value: e.action })
	},
	resource: {
		width: 10,
		share: 3,
		render: ks
	},
	outcome: {
		width: 7,
		share: 0,
		render: (e) => /* @__PURE__ */ q(As, { isGood: e.success })
	},
	ipAddress: {
		width: 8,
		share: 1,
		render: (e) => /* @__PURE__ */ q(Cs, {
			value: e.ipAddress,
			isCode: !0
		})
	},
	requestId: {
		width: 8,
		share: 1,
		render: (e) => /* @__PURE__ */ q(Cs, {
			value: e.requestId,
			isCode: !0
		})
	},
	sessionId: {
		width: 8,
		share: 1,
		render: (e) => /* @__PURE__ */ q(Cs, {
			value: e.sessionId,
			isCode: !0
		})
	},
	error: {
		width: 10,
		share: 2,
		render: (e) => /* @__PURE__ */ q(Cs, { value: e.errorMessage })
	},
	submitter: {
		width: 9,
		share: 2,
		render: (e) => /* @__PURE__ */ q(Cs, { value: e.submittedBy })
	},
	tenant: {
		width: 6,
		share: 1,
		render: (e) => /* @__PURE__ */ q(Cs, { value: e.tenantId })
	},
	received: {
		width: 11.5,
		share: 0,
		render: (e, t) => Os(e.receivedAt, t)
	}
}, Ts = Object.keys(ws);
function Es(e) {
	let t = [...new Set(Array.isArray(e) ? e : [])].filter((e) => Ts.some((t) => t === e));
	return t.length > 0 ? t : Wt.columns;
}
function Ds(e) {
	let t = e.map((e) => ws[e]), n = t.map(({ width: e, share: t }) => t === 0 ? `${e}rem` : `minmax(${e}rem, ${t}fr)`), r = e.length + 1;
	return {
		tracks: n.join(" "),
		width: t.reduce((e, t) => e + t.width, r)
	};
}
function Os(e, t) {
	return /* @__PURE__ */ q(di, {
		value: e,
		form: t ? "short" : "second"
	});
}
function ks({ resourceType: e, resourceId: t }) {
	return /* @__PURE__ */ q(S, { children: [
		/* @__PURE__ */ q("span", {
			class: "list-quiet",
			children: /* @__PURE__ */ q(Cs, { value: e })
		}),
		" ",
		/* @__PURE__ */ q(Cs, { value: t })
	] });
}
function As({ isGood: e }) {
	return /* @__PURE__ */ q("span", {
		class: e ? "list-outcome" : "list-outcome list-outcome-bad",
		children: [
			/* @__PURE__ */ q("span", {
				"aria-hidden": "true",
				children: e ? "✓" : "✕"
			}),
			" ",
			/* @__PURE__ */ q("span", {
				class: "list-word",
				children: e ? G.trail.succeeded : G.trail.failed
			})
		]
	});
}
// src/views/trail/list/columns-menu.tsx
function js(e, t, n) {
	let r = e.filter((e) => e !== t), i = Math.min(Math.max(e.indexOf(t) + n, 0), r.length);
	return [
		...r.slice(0, i),
		t,
		...r.slice(i)
	];
}
function Ms() {
	let { preferences: e } = z(), t = R(null), n = R(null), r = Le(), i = Es(e.value.columns), a = [...i, ...Ts.filter((e) => !i.includes(e))], o = (t) => {
		e.value = {
			...e.value,
			columns: t
		};
	};
	return /* @__PURE__ */ q(S, { children: [/* @__PURE__ */ q("button", {
		ref: n,
		type: "button",
		class: "list-button",
		popovertarget: r,
		children: G.trail.chooseColumns
	}), /* @__PURE__ */ q("div", {
		ref: t,
		id: r,
		popover: "auto",
		role: "group",
		class: "list-menu",
		"aria-label": G.trail.chooseColumns,
		onBeforeToggle: () => Ns(t.current, n.current),
		children: a.map((e) => /* @__PURE__ */ q(Ps, {
			name: e,
			columns: i,
			choose: o
		}, e))
	})] });
}
function Ns(e, t) {
	if (!e || !t) return;
	let { bottom: n, right: r } = t.getBoundingClientRect(), i = t.ownerDocument.documentElement.clientWidth;
	e.style.top = `${n + 4}px`, e.style.right = `${Math.max(8, i - r)}px`;
}
function Ps({ name: e, columns: t, choose: n }) {
	let r = G.trail.columns[e], i = t.indexOf(e), a = i >= 0;
	return /* @__PURE__ */ q("div", {
		class: "list-choice",
		children: [/* @__PURE__ */ q("label", { children: [
			/* @__PURE__ */ q("input", {
				type: "checkbox",
				checked: a,
				disabled: a && t.length === 1,
				onChange: () => n(a ? t.filter((t) => t !== e) : [...t, e])
			}),
			" ",
			r
		] }), a && /* @__PURE__ */ q(S, { children: [/* @__PURE__ */ q("button", {
			type: "button",
			"aria-label": G.trail.moveUp(r),
			disabled: i === 0,
			onClick: () => n(js(t, e, -1)),
			children: "↑"
		}), /* @__PURE__ */ q("button", {
			type: "button",
			"aria-label": G.trail.moveDown(r),
			disabled: i === t.length - 1,
			onClick: () => n(js(t, e, 1)),
			children: "↓"
		})] })]
	});
}
// src/views/trail/list/keys-dialog.tsx
function Fs({ open: e }) {
	return /* @__PURE__ */ q("button", {
		type: "button",
		class: "list-button",
		"aria-label": G.trail.keys.open,
		title: G.trail.keys.open,
		onClick: e,
		children: "?"
	});
}
function Is({ dialog: e }) {
	let { preferences: t } = z(), n = Le(), { keys: r } = G.trail;
	return /* @__PURE__ */ q("dialog", {
		ref: e,
		class: "list-keys",
		"aria-labelledby": n,
		children: [
			/* @__PURE__ */ q("h2", {
				id: n,
				children: r.title
			}),
			/* @__PURE__ */ q("dl", { children: r.list.map(([e, t]) => /* @__PURE__ */ q("div", { children: [/* @__PURE__ */ q("dt", { children: /* @__PURE__ */ q("kbd", { children: e }) }), /* @__PURE__ */ q("dd", { children: t })] }, e)) }),
			/* @__PURE__ */ q("label", { children: [
				/* @__PURE__ */ q("input", {
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
			/* @__PURE__ */ q("button", {
				type: "button",
				class: "button",
				onClick: () => e.current?.close(),
				children: r.close
			})
		]
	});
}
// src/views/trail/list/bar.tsx
function Ls({ trail: e, isLive: t, live: n, range: r, onShowFresh: i, keys: a }) {
	return /* @__PURE__ */ q("div", {
		class: "list-bar",
		children: [
			/* @__PURE__ */ q(Rs, { trail: e }),
			/* @__PURE__ */ q(zs, {
				trail: e,
				onShow: i
			}),
			/* @__PURE__ */ q("span", { class: "list-space" }),
			/* @__PURE__ */ q(Vs, {
				isLive: t,
				live: n,
				range: r
			}),
			/* @__PURE__ */ q("button", {
				type: "button",
				class: "list-button",
				onClick: () => e.reload(),
				children: G.trail.reload
			}),
			/* @__PURE__ */ q(Hs, {}),
			/* @__PURE__ */ q(Ms, {}),
			/* @__PURE__ */ q(Fs, { open: a.open })
		]
	});
}
function Rs({ trail: e }) {
	let t = e.items.value.length, { kind: n } = e.status.value;
	if (t === 0 && n !== "ended") return /* @__PURE__ */ q("span", { class: "list-count" });
	let r = t === 1 ? G.trail.count.one : G.trail.count.other;
	return /* @__PURE__ */ q("span", {
		class: "list-count",
		children: [
			/* @__PURE__ */ q("b", { children: K(t) }),
			" ",
			r,
			" ",
			n !== "ended" && G.trail.loadedSoFar
		]
	});
}
function zs({ trail: e, onShow: t }) {
	let n = e.fresh.value.size;
	return /* @__PURE__ */ q("span", {
		role: "status",
		children: n > 0 && /* @__PURE__ */ q("button", {
			type: "button",
			class: "list-button list-fresh",
			onClick: t,
			title: G.trail.showFresh,
			children: [
				/* @__PURE__ */ q("span", {
					"aria-hidden": "true",
					children: "↑"
				}),
				" ",
				K(n),
				" ",
				G.trail.fresh
			]
		})
	});
}
function Bs(e, t) {
	return e.kind !== "fixed" || Date.parse(e.end) > t;
}
function Vs({ isLive: e, live: t, range: n }) {
	let r = Bs(n, Date.now()), i = r ? G.trail.liveHint(xs) : G.trail.liveNotPossible;
	return /* @__PURE__ */ q("button", {
		type: "button",
		class: "list-button list-live",
		"aria-pressed": e.value && r,
		disabled: !r,
		"data-status": t,
		title: i,
		onClick: () => e.value = !e.value,
		children: [/* @__PURE__ */ q("span", {
			class: "list-dot",
			"aria-hidden": "true"
		}), t === "waiting" ? G.trail.liveWaiting : G.trail.live]
	});
}
function Hs() {
	let { preferences: e } = z(), { timeStyle: t, zone: n } = e.value, r = R(null);
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
	return /* @__PURE__ */ q("select", {
		ref: r,
		class: "list-button",
		"aria-label": G.trail.times,
		value: t === "relative" ? "relative" : n,
		onChange: i,
		children: [
			/* @__PURE__ */ q("option", {
				value: "local",
				children: ui("local")
			}),
			ui("local") !== "UTC" && /* @__PURE__ */ q("option", {
				value: "utc",
				children: G.trail.timeStyles.utc
			}),
			/* @__PURE__ */ q("option", {
				value: "relative",
				children: G.trail.timeStyles.relative
			})
		]
	});
}
// src/views/trail/list/keys.ts
var Us = {
	j: "next",
	k: "previous",
	"/": "filter",
	"?": "help"
}, Ws = {
	ArrowDown: "next",
	ArrowUp: "previous",
	PageDown: "pageDown",
	PageUp: "pageUp",
	Home: "first",
	End: "last"
};
function Gs({ key: e, isModified: t, on: n, hasLetterKeys: r }) {
	return t || n === "field" ? null : e === "Escape" ? "close" : e === "Enter" ? n === "row" || n === "nothing" ? "open" : null : n === "row" && Ws[e] ? Ws[e] : r ? Us[e] ?? null : null;
}
function Ks(e, t) {
	let n = e.ctrlKey || e.metaKey || e.altKey;
	return {
		key: e.key,
		isModified: n,
		on: qs(e.composedPath()[0]),
		hasLetterKeys: t
	};
}
function qs(e) {
	return e instanceof Element ? e.closest("input, textarea, select, [contenteditable], [role=dialog]") ? "field" : e.matches("[role=row]") ? "row" : e.closest("a, button, summary, dialog, [tabindex='0']") ? "control" : "nothing" : "nothing";
}
// src/views/trail/list/commands.ts
function Js(e, t, n) {
	let r = R({
		hasLetterKeys: t,
		run: n
	});
	r.current = {
		hasLetterKeys: t,
		run: n
	}, L(() => {
		let t = e.current?.getRootNode();
		if (!t) return;
		function n(e) {
			if (!(e instanceof KeyboardEvent) || e.defaultPrevented || e.isComposing) return;
			let n = Gs(Ks(e, r.current.hasLetterKeys));
			n === null || t?.querySelector("dialog[open], :popover-open") || r.current.run(n) && e.preventDefault();
		}
		return t.addEventListener("keydown", n), () => t.removeEventListener("keydown", n);
	}, []);
}
// node_modules/@tanstack/virtual-core/dist/esm/lazy-measurements.js
function Ys(e) {
	return typeof e == "object" ? e.key : e;
}
function Xs(e, t) {
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
function Zs(e, t, n) {
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
function Qs(e, t) {
	if (e === void 0) throw Error(`Unexpected undefined${t ? `: ${t}` : ""}`);
	return e;
}
var $s = (e, t) => Math.abs(e - t) < 1.01, ec = (e, t, n) => {
	let r;
	return Object.assign(function(...i) {
		e.clearTimeout(r), r = e.setTimeout(() => t.apply(this, i), n);
	}, { cancel: () => {
		e.clearTimeout(r);
	} });
};
// node_modules/@tanstack/virtual-core/dist/esm/scroll-classifier.js
function tc({ offset: e, isScrolling: t, elementMax: n, holdOffset: r, scrollOffset: i, pendingWrite: a, clampedMaxAtWrite: o }) {
	return t && a === null && e === i ? "spurious" : a !== null && Math.abs(e - a.target) < 1.5 ? "readBack" : a !== null && !a.smooth && n !== null && a.target > n + r + .5 && Math.abs(e - (n + r)) < 1.5 || a !== null && !a.smooth && a.lowMaxes?.some((t) => Math.abs(e - t) < 1.5) ? "clampedReadBack" : o !== null && Math.abs(e - o) < 1.5 ? "clampedEcho" : "external";
}
var nc = (e) => e === "smooth" || e === "smoothFinishing";
function rc({ kind: e, offset: t, command: n, target: r }) {
	return e !== "spurious" && e !== "readBack" && e !== "clampedReadBack" && n?.index != null && n.phase !== "queued" && !nc(n.phase) && !$s(t, n.lastTargetOffset) && !$s(t, r()) && e !== "clampedEcho";
}
var ic = 40;
function ac(e) {
	let t = e[e.length - 1];
	if (t === void 0) return !1;
	let n = e.length - 2;
	for (; n >= 0 && t.t - e[n].t < ic;) n--;
	if (n < 0) return !1;
	let r = e[n], i = n - 1;
	for (; i >= 0 && r.t - e[i].t < ic;) i--;
	if (i < 0) return !1;
	let a = e[i], o = (t.offset - r.offset) / (t.t - r.t), s = (r.offset - a.offset) / (r.t - a.t);
	return o * s >= 0 && Math.abs(o) >= 2 * Math.abs(s) && Math.abs(o) - Math.abs(s) >= .8;
}
function oc(e) {
	let t = e[e.length - 1];
	if (t === void 0) return !1;
	let n = e.length - 2;
	for (; n >= 0 && t.t - e[n].t < ic;) n--;
	if (n < 0) return !1;
	let r = e[n];
	return Math.abs(t.offset - r.offset) / (t.t - r.t) >= .05;
}
// node_modules/@tanstack/virtual-core/dist/esm/ios-gesture.js
var sc, cc = () => {
	if (sc !== void 0) return sc;
	if (typeof navigator > "u") return sc = !1;
	if (/iP(hone|od|ad)/.test(navigator.userAgent)) return sc = !0;
	let e = navigator.maxTouchPoints;
	return sc = navigator.platform === "MacIntel" && e !== void 0 && e > 0;
}, lc, uc = () => lc === void 0 ? lc = cc() && typeof CSS < "u" && typeof CSS.supports == "function" && CSS.supports("overflow-anchor: auto") : lc, dc = () => !cc() || uc(), fc = {
	capture: !0,
	passive: !0
}, pc = class {
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
			return e.addEventListener("touchstart", t, fc), e.addEventListener("touchend", n, fc), e.addEventListener("touchcancel", n, fc), () => {
				e.removeEventListener("touchstart", t, fc), e.removeEventListener("touchend", n, fc), e.removeEventListener("touchcancel", n, fc), this.end();
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
}, mc = (e) => {
	let { clientWidth: t, clientHeight: n } = e;
	return {
		width: t,
		height: n
	};
}, hc = (e) => {
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
}, gc = (e) => e, _c = (e) => {
	let t = e.overscan * Math.max(e.lanes ?? 1, 1), n = Math.max(e.startIndex - t, 0), r = Math.min(e.endIndex + t, e.count - 1) - n + 1, i = Array(r);
	for (let e = 0; e < r; e++) i[e] = n + e;
	return i;
}, vc = (e, t) => {
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
	if (i(mc(n)), !r.ResizeObserver) return () => {};
	let a = hc(r), o = new r.ResizeObserver(() => {
		let t = () => {
			i(mc(n));
		};
		e.options.useAnimationFrameWithResizeObserver ? a.schedule(t) : t();
	});
	return o.observe(n, { box: "content-box" }), () => {
		o.unobserve(n), a.cancel();
	};
}, yc = { passive: !0 }, bc = typeof window > "u" || "onscrollend" in window, xc = (e, t, n) => {
	let r = e.scrollElement;
	if (!r) return;
	let i = e.targetWindow;
	if (!i) return;
	let a = e.options.useScrollendEvent && bc, o = 0, s = a ? null : ec(i, () => t(n(r), !1), e.options.isScrollingResetDelay), c = (e) => () => {
		o = n(r), s?.(), t(o, e);
	}, l = c(!0), u = c(!1);
	return r.addEventListener("scroll", l, yc), a && r.addEventListener("scrollend", u, yc), () => {
		r.removeEventListener("scroll", l), a && r.removeEventListener("scrollend", u), s?.cancel();
	};
}, Sc = (e, t) => xc(e, t, (t) => {
	let { horizontal: n, isRtl: r } = e.options;
	return n ? t.scrollLeft * (r && -1 || 1) : t.scrollTop;
}), Cc = (e, t, n) => {
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
}, wc = (e, { adjustments: t = 0, behavior: n }, r) => {
	var i;
	let { scrollElement: a, options: o } = r, s = e + t, c = o.horizontal && o.isRtl && a !== null && "ownerDocument" in a;
	(i = a?.scrollTo) == null || i.call(a, {
		[o.horizontal ? "left" : "top"]: c ? -s : s,
		behavior: n
	});
}, Tc = (e, t) => e === "smooth" ? t ? "smoothLanded" : "smooth" : "instant", Ec = (e) => e?.phase === "smooth" || e?.phase === "smoothLanded";
function Dc(e, t, n, r) {
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
var Oc = class {
	constructor(e) {
		this.unsubs = [], this.scrollElement = null, this.targetWindow = null, this.isScrolling = !1, this.scrollState = null, this.measurementsCache = [], this._singleLaneMeasurements = null, this.itemSizeCache = /* @__PURE__ */ new Map(), this.itemSizeCacheVersion = 0, this.laneAssignments = /* @__PURE__ */ new Map(), this.pendingMin = null, this.prevLanes = void 0, this.lanesChangedFlag = !1, this.lanesSettling = !1, this.pendingScrollAnchor = null, this.scrollRect = null, this.scrollOffset = null, this.scrollDirection = null, this._holdOffset = 0, this._reportedOverscroll = !1, this._iosGesture = new pc({
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
				e?.phase === "queued" && oc(e.samples ?? []) && (this.scrollState = null), this._flushHoldIfReady(!0), this._writeAwaitingCommand(), this._retryClampedAdjustment();
			}
		}), this._lastElementOffset = null, this.pendingWrite = null, this._clampedAdjustment = null, this.elementsCache = /* @__PURE__ */ new Map(), this._resizeBatch = null, this.now = () => {
			var e;
			return ((e = this.targetWindow?.performance)?.now)?.call(e) ?? Date.now();
		}, this.observer = /* @__PURE__ */ (() => {
			let e = null, t = null, n = !1, r = !1, i = /* @__PURE__ */ new Set(), a = () => {
				if (e) return e;
				let r = this.targetWindow;
				if (!r || !r.ResizeObserver) return null;
				let i = t = hc(r);
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
				getItemKey: gc,
				rangeExtractor: _c,
				onChange: () => {},
				measureElement: Cc,
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
				let e = n.count, o = t.count, s = this.getMeasurements(), c = this._singleLaneMeasurements?.items ?? s, l = (e) => Ys(c[e]), u = e > 0 ? l(0) : null, d = e > 0 ? l(e - 1) : null;
				if (o !== e || e > 0 && o > 0 && (t.getItemKey(0) !== u || t.getItemKey(o - 1) !== d)) {
					a = !0;
					let c = e > 0 ? this.getVirtualItemForOffset(this.getScrollOffset()) ?? s[0] : null;
					c && (r = [c.key, this.getScrollOffset() - c.start]);
					let u = t.followOnAppend === !0 ? "auto" : t.followOnAppend || null;
					u && o > 0 && this.isAtEnd(n.scrollEndThreshold) && (e === 0 || t.getItemKey(o - 1) !== d) && (o > e || Dc(e, o, l, t.getItemKey)) && (i = u);
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
		}, this.maybeNotify = Zs(() => (this.calculateRange(), [
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
					a === "readBack" ? e = this.pendingWrite.target : a === "clampedReadBack" && this.scrollState?.index != null && e < this.getMaxScrollOffset() - 1.5 ? this.scrollState.lastTargetOffset = e : rc({
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
							}], (s !== null && this.scrollDirection !== s || ac(c.samples)) && (this.scrollState = null);
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
			this.pendingScrollAnchor = null, t && this.scrollElement && this.options.enabled && (t.kind === "anchor" ? this._canWriteScroll() ? Ec(this.scrollState) && !$s(this.getScrollOffset() - t.delta, this.scrollState.lastTargetOffset) || (this._followOffsetTarget(t.delta), this._scrollToOffset(this.getScrollOffset())) : (this._holdOffset += t.delta, this._followOffsetTarget(t.delta), this.notify(!1)) : this.scrollToEnd({ behavior: t.behavior })), this._flushHoldIfReady(!1), this._retryClampedAdjustment();
		}, this._classifyScrollEvent = (e, t, n) => tc({
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
			e.lastTargetOffset = n, this._clampedAdjustment = null, e.phase = Tc(t, e.index != null && $s(n, this.getScrollOffset())), this._scrollToOffset(n, { behavior: t }), this.scheduleScrollReconcile();
		}, this._readElementOffset = () => {
			let e = this.scrollElement;
			if (e == null) return null;
			let { horizontal: t, isRtl: n } = this.options;
			return typeof e.scrollTop == "number" ? t ? e.scrollLeft * (n && -1 || 1) : e.scrollTop : typeof e.scrollY == "number" ? t ? e.scrollX : e.scrollY : null;
		}, this._canWriteScroll = () => !(cc() && this._iosGesture.inMotion()) && !this._reportedOverscroll, this._flushHoldIfReady = (e) => {
			if (this._holdOffset === 0 || !this.scrollElement || !this.options.enabled || !this._canWriteScroll() || this.scrollState?.phase === "smooth") return;
			this._holdOffset = 0, this.scrollOffset !== null && this.scrollOffset < 0 && (this.scrollOffset = 0), this.notify(e);
			let t = this.getCommandWrittenOffset() ?? this.getScrollOffset();
			this._clampedAdjustment = this._clampedBy(t), this._scrollToOffset(t);
		}, this.rafId = null, this.getSize = () => this.options.enabled ? (this.scrollRect = this.scrollRect ?? this.options.initialRect, this.scrollRect[this.options.horizontal ? "width" : "height"]) : (this.scrollRect = null, 0), this.getScrollOffset = () => this.options.enabled ? (this.scrollOffset = this.scrollOffset ?? (typeof this.options.initialOffset == "function" ? this.options.initialOffset() : this.options.initialOffset), this.scrollOffset) : (this.scrollOffset = null, 0), this.getMeasurementOptions = Zs(() => [
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
		}), { key: !1 }), this.isIndexInRange = (e) => e >= 0 && e < this.options.count, this.getMeasurements = Zs(() => [this.getMeasurementOptions(), this.itemSizeCacheVersion], ({ count: e, paddingStart: t, scrollMargin: n, getItemKey: r, enabled: i, lanes: a, laneAssignmentMode: o, gap: s }, c) => {
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
				let d = Xs(o, a);
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
		}), this.calculateRange = Zs(() => [
			this.getMeasurements(),
			this.getSize(),
			this.getScrollOffset(),
			this.options.lanes,
			this._getLayoutTotalSize() + this.options.scrollMargin
		], (e, t, n, r, i) => {
			if (e.length === 0 || t === 0) return this.range = null, null;
			let a = Math.max(i - t, 0);
			return this.range = jc(e, t, Math.min(n, a), r, r === 1 && this._singleLaneMeasurements !== null ? this._singleLaneMeasurements.flat : null), this.range;
		}, {
			key: process.env.NODE_ENV !== "production" && "calculateRange",
			debug: () => this.options.debug
		}), this.getVirtualIndexes = Zs(() => {
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
			if (!Ec(this.scrollState)) return !0;
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
				let o = this.options.anchorTo === "end" && !Ec(this.scrollState) && this.getVirtualDistanceFromEnd() <= this.options.scrollEndThreshold, l = o ? this._getLayoutTotalSize() : 0, u = this.getScrollOffset(), d = this.itemSizeCache.has(a) ? i + s <= u && this.scrollDirection !== "backward" : i < u, f = !Ec(this.scrollState) && (this.shouldAdjustScrollPositionOnItemSizeChange === void 0 ? d : this.shouldAdjustScrollPositionOnItemSizeChange(this.measurementsCache[e] ?? {
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
		}, this.getVirtualItems = Zs(() => [
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
			return Qs(t[kc(0, t.length - 1, r ? (e) => n[e * 2] : (e) => Qs(t[e]).start, e)]);
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
			return !(cc() && this._iosGesture.dragging()) && e !== null && !$s(e, this.getScrollOffset());
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
		if (!n && $s(e, this.getScrollOffset())) {
			if (this.scrollState.phase === "smooth" ? this.scrollState.phase = "smoothLanded" : this.scrollState.phase === "smoothFinishing" && (this.scrollState.phase = "instant"), this.scrollState.stableFrames++, this.scrollState.stableFrames >= t) {
				this.getScrollOffset() !== e && this._scrollToOffset(e, { behavior: "auto" }), this.scrollState = null;
				return;
			}
		} else if (this.scrollState.stableFrames = 0, n) {
			let t = this.getSize() || 600, n = Math.abs(e - this.getScrollOffset()), r = Ec(this.scrollState) && n > t;
			this.scrollState.lastTargetOffset = e, r ? this.scrollState.phase = "smooth" : this.scrollState.phase === "smooth" ? this.scrollState.phase = "smoothFinishing" : this.scrollState.phase === "smoothLanded" && (this.scrollState.phase = "instant"), this._scrollToOffset(e, { behavior: r ? "smooth" : "auto" });
		}
		this.scheduleScrollReconcile();
	}
	_startScroll(e, t, n, r) {
		this.pendingScrollAnchor = null, this._clampedAdjustment = null;
		let i = this._iosGesture.tail();
		if (r === "absolute" && i !== null) {
			if (i === "fling" && dc()) {
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
			phase: Tc(n, e.index != null && $s(t, this.getScrollOffset()))
		}, this._scrollToOffset(t, { behavior: n }), this.scheduleScrollReconcile();
	}
}, kc = (e, t, n, r) => {
	for (; e <= t;) {
		let i = (e + t) / 2 | 0, a = n(i);
		if (a < r) e = i + 1;
		else if (a > r) t = i - 1;
		else return i;
	}
	return e > 0 ? e - 1 : 0;
};
function Ac(e, t, n) {
	let r = 0;
	for (; r <= t;) {
		let i = (r + t) / 2 | 0, a = e[i * 2];
		if (a < n) r = i + 1;
		else if (a > n) t = i - 1;
		else return i;
	}
	return r > 0 ? r - 1 : 0;
}
function jc(e, t, n, r, i) {
	let a = e.length - 1;
	if (e.length <= r) return {
		startIndex: 0,
		endIndex: a
	};
	if (r === 1 && i !== null) {
		let e = Ac(i, a, n), r = e, o = n + t;
		for (; r < a && i[r * 2] + i[r * 2 + 1] < o;) r++;
		return {
			startIndex: e,
			endIndex: r
		};
	}
	let o = kc(0, a, (t) => e[t].start, n), s = o;
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
function Mc(e, t, n, r) {
	let i = R(null);
	function a() {
		let r = e.current?.scrollTop ?? 0, a = Math.floor(r / n), o = t[a];
		i.current = o ? {
			id: o.id,
			index: a,
			offset: r - a * n
		} : null;
	}
	return Ne(() => {
		let o = e.current, s = i.current;
		if (o && s) {
			let e = en(t, s.id), i = s.index === 0 && s.offset === 0;
			if (e >= 0 && !(i && r())) {
				let t = e * n + Math.min(s.offset, n - 1);
				t !== o.scrollTop && (o.scrollTop = t);
			}
		}
		a();
	}, [t, n]), { remember: a };
}
// src/views/trail/list/foot.tsx
function Nc({ trail: e }) {
	let t = e.status.value, n = e.items.value.length === 0;
	switch (t.kind) {
		case "loading": return /* @__PURE__ */ q("div", {
			class: "list-foot",
			children: [!n && /* @__PURE__ */ q(Qn, {}), /* @__PURE__ */ q(Pc, { trail: e })]
		});
		case "ready": return /* @__PURE__ */ q("div", { class: "list-foot" });
		case "paused": return /* @__PURE__ */ q("div", {
			class: "list-foot",
			role: "status",
			children: [/* @__PURE__ */ q("p", { children: G.trail.paused }), /* @__PURE__ */ q("button", {
				type: "button",
				class: "button",
				onClick: () => e.loadMore(),
				children: G.trail.goOn
			})]
		});
		case "failed": return /* @__PURE__ */ q(Gn, {
			error: t.error,
			retry: () => e.loadMore()
		});
		case "ended": return q(n ? Ic : Fc, {});
	}
}
function Pc({ trail: e }) {
	let t = e.partialPages.value;
	return t === 0 ? null : /* @__PURE__ */ q("p", {
		role: "status",
		children: G.trail.partial(t)
	});
}
function Fc() {
	let { navigation: e } = z();
	return /* @__PURE__ */ q("p", {
		class: "list-foot list-end",
		children: e.place.value.range.kind === "all" ? G.trail.ended.all : G.trail.ended.range
	});
}
function Ic() {
	let { navigation: e } = z(), { filters: t, range: n } = e.place.value, r = Object.keys(t).length > 0, i = n.kind !== "all", { empty: a } = G.trail;
	return /* @__PURE__ */ q($n, {
		title: a.title,
		children: [/* @__PURE__ */ q("p", { children: r ? a.filtered : i ? a.bare : a.none }), /* @__PURE__ */ q("p", {
			class: "list-actions",
			children: [i && /* @__PURE__ */ q("button", {
				type: "button",
				class: "button",
				onClick: () => e.go({ range: { kind: "all" } }),
				children: a.widen
			}), r && /* @__PURE__ */ q("button", {
				type: "button",
				class: "button",
				onClick: () => e.go({ filters: {} }),
				children: a.unfilter
			})]
		})]
	});
}
// src/views/trail/list/head.tsx
var Lc = ["time", "received"];
function Rc({ columns: e, row: t }) {
	let { preferences: n } = z(), { timeStyle: r, zone: i } = n.value;
	return /* @__PURE__ */ q("div", {
		role: "rowgroup",
		class: "list-head",
		ref: t,
		children: /* @__PURE__ */ q("div", {
			role: "row",
			class: "list-head-row",
			"aria-rowindex": 1,
			children: e.map((e, t) => /* @__PURE__ */ q("div", {
				role: "columnheader",
				class: `list-cell list-cell-${e}`,
				"aria-colindex": t + 1,
				children: [G.trail.columns[e], Lc.includes(e) && r === "absolute" && /* @__PURE__ */ q("span", {
					class: "list-zone",
					children: ui(i)
				})]
			}, e))
		})
	});
}
function zc({ columns: e }) {
	return /* @__PURE__ */ q("div", {
		class: "list-skeleton",
		"aria-hidden": "true",
		children: Array.from({ length: 12 }, (t, n) => /* @__PURE__ */ q("div", {
			class: "list-row-bones",
			children: e.map((e) => /* @__PURE__ */ q("span", { class: "list-bone" }, e))
		}, n))
	});
}
// src/parts/memo.ts
function Bc(e) {
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
var Vc = Bc(function(e) {
	let { item: t, index: n, top: r, isOpen: i, isFresh: a, isCurrent: o, onOpen: s, onFocus: c } = e, l = "unreadable" in t, u = l ? "unreadable" : t.success ? "good" : "bad";
	return /* @__PURE__ */ q("div", {
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
			!e.defaultPrevented && !Hc(e.currentTarget) && s(t.id);
		},
		children: l ? /* @__PURE__ */ q(Gc, {
			item: t,
			count: e.columns.length
		}) : /* @__PURE__ */ q(Wc, {
			...e,
			item: t
		})
	});
});
function Hc(e) {
	let t = e.ownerDocument.getSelection();
	return t !== null && !t.isCollapsed && e.contains(t.anchorNode);
}
var Uc = [
	"outcome",
	"action",
	"time"
];
function Wc({ item: e, columns: t, isCompact: n }) {
	let r = (r) => /* @__PURE__ */ q("div", {
		role: "gridcell",
		class: `list-cell list-cell-${r}`,
		"aria-colindex": t.indexOf(r) + 1,
		children: r === "action" ? /* @__PURE__ */ q(Kc, {
			id: e.id,
			children: ws.action.render(e, n)
		}) : ws[r].render(e, n)
	}, r);
	return n ? /* @__PURE__ */ q(S, { children: [/* @__PURE__ */ q("div", {
		role: "none",
		class: "list-line",
		children: Uc.filter((e) => t.includes(e)).map(r)
	}), /* @__PURE__ */ q("div", {
		role: "none",
		class: "list-line",
		children: t.filter((e) => !Uc.includes(e)).map(r)
	})] }) : /* @__PURE__ */ q(S, { children: t.map(r) });
}
function Gc({ item: e, count: t }) {
	let n = Qt(e.id);
	return /* @__PURE__ */ q("div", {
		role: "gridcell",
		class: "list-cell list-broken",
		"aria-colspan": t,
		"aria-colindex": 1,
		children: [
			!Number.isNaN(n) && /* @__PURE__ */ q(di, {
				value: new Date(n).toISOString(),
				form: "second"
			}),
			/* @__PURE__ */ q(Kc, {
				id: e.id,
				children: [
					/* @__PURE__ */ q("span", {
						"aria-hidden": "true",
						children: "!"
					}),
					" ",
					G.trail.unreadable,
					" ",
					/* @__PURE__ */ q(Cs, { value: e.unreadable })
				]
			}),
			/* @__PURE__ */ q("span", {
				class: "list-code list-quiet",
				children: /* @__PURE__ */ q(Cs, { value: e.id })
			})
		]
	});
}
function Kc({ id: e, children: t }) {
	return /* @__PURE__ */ q(Zn, {
		to: { eventId: e },
		class: "list-link",
		tabIndex: -1,
		children: t
	});
}
// src/views/trail/list/grid.tsx
function qc(e) {
	let { trail: t, columns: n, isCompact: r, refs: i } = e, { kind: a } = t.status.value, o = t.items.value.length, { tracks: s, width: c } = Ds(n), l = o === 0 && a === "loading";
	return /* @__PURE__ */ q("div", {
		class: r ? "list-scroller list-compact" : "list-scroller",
		ref: i.scroller,
		style: {
			"--list-tracks": s,
			"--list-width": r ? "0" : `${c}rem`
		},
		onScroll: e.onScroll,
		children: [
			/* @__PURE__ */ q("div", {
				class: "list-probe",
				ref: i.probe,
				"aria-hidden": "true"
			}),
			/* @__PURE__ */ q("div", {
				role: "grid",
				class: "list-grid",
				"aria-label": G.trail.label,
				"aria-rowcount": a === "ended" ? o + 1 : -1,
				"aria-colcount": n.length,
				"aria-busy": a === "loading",
				children: [/* @__PURE__ */ q(Rc, {
					columns: n,
					row: i.head
				}), o > 0 && /* @__PURE__ */ q(Jc, { ...e })]
			}),
			l && /* @__PURE__ */ q(Yc, { columns: n }),
			/* @__PURE__ */ q(Nc, { trail: t })
		]
	});
}
function Jc(e) {
	let { trail: t, refs: n, rows: r, headHeight: i, current: a, eventId: o } = e, s = t.items.value, c = t.fresh.value;
	return /* @__PURE__ */ q("div", {
		role: "rowgroup",
		class: "list-body",
		ref: n.body,
		style: { height: `${e.height}px` },
		children: r.map(({ index: t, start: n }) => {
			let r = s[t];
			return r && /* @__PURE__ */ q(Vc, {
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
function Yc({ columns: e }) {
	return /* @__PURE__ */ q(S, { children: [/* @__PURE__ */ q(zc, { columns: e }), /* @__PURE__ */ q("div", {
		class: "list-hidden",
		children: /* @__PURE__ */ q(Qn, {})
	})] });
}
// src/views/trail/list/rows-state.ts
function Xc(e, t) {
	return t.map((t) => t === null ? -1 : en(e, t)).find((e) => e >= 0) ?? 0;
}
function Zc(e, t, { count: n }) {
	return t >= n || e.includes(t) ? [...e] : [...e, t].sort((e, t) => e - t);
}
function Qc(e, t) {
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
function $c(e) {
	let t = R(null);
	function n() {
		let n = el(e, t.current);
		n && (t.current = null, n.focus({ preventScroll: !0 }));
	}
	return Ne(n), (e) => {
		t.current = e, n();
	};
}
function el(e, t) {
	if (t !== null) return [...e.current?.children ?? []].find((e) => e.dataset.id === t);
}
function tl(e, t, n, r) {
	L(() => {
		e !== null && n && r(e);
	}, [
		e,
		t,
		n
	]);
}
function nl(e, t, n) {
	let r = R(null);
	L(() => {
		let i = r.current;
		if (r.current = t, i === null || t !== null) return;
		let a = e.current?.getRootNode()?.activeElement;
		a && a !== e.current?.ownerDocument.body || n(i);
	}, [t]);
}
// src/views/trail/list/sizes.ts
var rl = 640, il = 900;
function al({ scroller: e, head: t, probe: n }, r) {
	let [i, a] = I({
		rowHeight: 36,
		headHeight: 32,
		isCompact: !1
	});
	return Ne(() => {
		function i() {
			let i = e.current?.clientWidth ?? 0, o = Math.min(r * ol(e.current), il), s = {
				rowHeight: n.current?.offsetHeight || 36,
				headHeight: t.current?.offsetHeight ?? 0,
				isCompact: i > 0 && i < Math.max(rl, o)
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
function ol(e) {
	return e ? parseFloat(getComputedStyle(e.ownerDocument.documentElement).fontSize) : 16;
}
// src/views/trail/list/virtualizer.ts
function sl(e) {
	let [, t] = Me((e) => e + 1, 0), n = {
		...e,
		observeElementRect: vc,
		observeElementOffset: Sc,
		scrollToFn: wc,
		onChange: () => t(void 0)
	}, [r] = I(() => new Oc(n));
	return r.setOptions(n), Ne(() => r._didMount(), []), Ne(() => r._willUpdate()), r;
}
// src/views/trail/list/rows.tsx
var cl = 40, ll = 4;
function ul({ trail: e, handle: t }) {
	let { navigation: n, preferences: r } = z(), { eventId: i } = n.place.value, a = e.items.value, o = r.value.columns, s = Fe(() => Es(o), [o]), c = R(null), l = R(null), u = R(null), d = R(null), [f, p] = I(null), { rowHeight: m, headHeight: h, isCompact: g } = al({
		scroller: c,
		head: l,
		probe: u
	}, Ds(s).width), _ = Xc(a, [f, i]), v = sl({
		count: a.length,
		getScrollElement: () => c.current,
		estimateSize: () => m,
		overscan: ll,
		scrollMargin: h,
		scrollPaddingStart: h,
		rangeExtractor: (e) => Zc(_c(e), _, e)
	});
	Ne(() => v.measure(), [m]);
	let y = () => d.current?.matches(":focus-within") ?? !1, { remember: b } = Mc(c, a, m, () => i === null && !y()), x = $c(d);
	function S(e) {
		let t = Math.min(Math.max(e, 0), a.length - 1), n = a[t];
		return n ? (p(n.id), v.scrollToIndex(t, { align: "auto" }), x(n.id), !0) : !1;
	}
	function C() {
		let e = a[_];
		return e && n.go({ eventId: e.id }), e !== void 0;
	}
	Pe(t, () => ({ run(e) {
		let t = ((c.current?.clientHeight ?? 0) - h) / m, n = f === null && i === null;
		return Qc(e, {
			current: n ? -1 : _,
			last: a.length - 1,
			page: Math.max(1, Math.floor(t) - 1),
			moveTo: S,
			open: n ? () => !1 : C
		});
	} }));
	let w = Fe(() => (e) => {
		p(e), n.go({ eventId: e });
	}, [n]);
	tl(i, m, a.length > 0, (e) => {
		let t = en(a, e);
		t >= 0 && v.scrollToIndex(t, { align: "auto" });
	}), nl(d, i, (e) => {
		let t = en(a, e);
		t >= 0 && S(t);
	});
	let T = v.getVirtualItems();
	dl(e, T, _);
	let E = () => {
		(c.current?.scrollTop ?? 0) < m && e.acknowledge();
	};
	return L(E, [e.fresh.value]), /* @__PURE__ */ q(qc, {
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
function dl(e, t, n) {
	L(() => {
		(t.findLast((e) => e.index !== n)?.index ?? 0) >= e.items.peek().length - cl && e.status.value.kind === "ready" && e.loadMore();
	});
}
// src/views/trail/list.tsx
function fl({ trail: e, isLive: t }) {
	let { navigation: n, preferences: r } = z(), i = R(null), a = R(null), o = R(null), s = pl(e, t), { range: c, eventId: l } = n.place.value;
	function u(e) {
		switch (e) {
			case "help": return a.current?.showModal(), !0;
			case "filter": return i.current && _s(i.current), !0;
			case "close": return l !== null && n.go({ eventId: null }), l !== null;
			default: return o.current?.run(e) ?? !1;
		}
	}
	return Js(i, r.value.hasLetterKeys, u), /* @__PURE__ */ q("div", {
		class: "list",
		ref: i,
		children: [
			/* @__PURE__ */ q(Ls, {
				trail: e,
				isLive: t,
				live: s.value,
				range: c,
				onShowFresh: () => o.current?.run("first"),
				keys: { open: () => a.current?.showModal() }
			}),
			/* @__PURE__ */ q(ul, {
				trail: e,
				handle: o
			}),
			/* @__PURE__ */ q(Is, { dialog: a })
		]
	});
}
function pl(e, t) {
	let { navigation: n } = z(), r = Et("off"), i = t.value && Bs(n.place.value.range, Date.now());
	return L(() => {
		if (!i) return;
		let t = Ss(e, document), n = t.status.subscribe((e) => r.value = e);
		return () => {
			t.stop(), n(), r.value = "off";
		};
	}, [e, i]), r;
}
// src/views/trail/toolbar/disclosure.tsx
var ml = 8;
function hl(e) {
	let { label: t, title: n, buttonTitle: r, buttonClass: i, pressed: a, onRemove: o, children: s } = e, [c, l] = I(!1), u = R(null), d = R(null), f = () => {
		e.onOpen?.(), l(!0);
	}, p = () => {
		l(!1), d.current?.focus();
	};
	return _l(u, c, () => l(!1)), vl(u, e.opener, f), /* @__PURE__ */ q("span", {
		ref: u,
		class: "toolbar-disclosure",
		onKeyDown: (e) => {
			e.key === "Escape" && c && (e.stopPropagation(), p());
		},
		children: [/* @__PURE__ */ q("button", {
			ref: d,
			type: "button",
			class: i,
			"aria-expanded": c,
			"aria-haspopup": "dialog",
			"aria-pressed": a,
			"aria-label": r,
			onClick: () => c ? l(!1) : f(),
			onKeyDown: (e) => {
				o && !c && ["Backspace", "Delete"].includes(e.key) && o();
			},
			children: t
		}), c && /* @__PURE__ */ q(gl, {
			title: n,
			isFocused: !0,
			children: s(p)
		})]
	});
}
function gl({ title: e, isFocused: t, children: n }) {
	let r = R(null), [i, a] = I(0);
	return Ne(() => {
		let e = r.current?.getBoundingClientRect(), t = r.current?.ownerDocument.documentElement.clientWidth ?? 0;
		e !== void 0 && a(Math.max(ml - e.left, Math.min(0, t - ml - e.right)));
	}, []), L(() => {
		t && r.current?.querySelector("input, select, button")?.focus();
	}, []), /* @__PURE__ */ q("div", {
		ref: r,
		class: "toolbar-disclosure-panel",
		role: "dialog",
		"aria-label": e,
		style: { marginLeft: `${i}px` },
		children: n
	});
}
function _l(e, t, n) {
	L(() => {
		let r = e.current;
		if (!t || r === null) return;
		let i = r.getRootNode(), a = (e) => {
			e.target instanceof Node && !r.contains(e.target) && n();
		};
		return i.addEventListener("pointerdown", a), () => i.removeEventListener("pointerdown", a);
	}, [t]);
}
function vl(e, t, n) {
	L(() => {
		if (t !== void 0 && e.current !== null) return t(e.current, n);
	}, [t]);
}
// src/views/trail/toolbar/rules.ts
var yl = /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}$/, bl = /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,126}\*$/, xl = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])", Sl = RegExp(`^${xl}(?:\\.${xl}){3}(?::[0-9]{0,5})?$`), Cl = 256, wl = 64;
function Tl(e, t) {
	if (t === "") return "empty";
	switch (e) {
		case "action": return yl.test(t) || bl.test(t) ? null : "action";
		case "resourceType": return yl.test(t) ? null : "name";
		case "success": return t === "true" || t === "false" ? null : "outcome";
		case "ipAddress": return El(t) ? null : "address";
		default: return [...t].length <= Cl ? null : "tooLong";
	}
}
function El(e) {
	if (e.length > wl) return !1;
	let t = e.replace(/^ +| +$/g, "");
	if (Sl.test(t)) return !0;
	let n = (/^\[([^\]]*)\](?::[0-9]{0,5})?$/.exec(t)?.[1] ?? t).replace(/%[\s\S]*$/, "");
	return Sl.test(n) ? !n.includes(":") : /^[0-9A-Fa-f:.]+$/.test(n) && URL.canParse(`http://[${n}]/`);
}
function Dl(e) {
	let t = [...Ft, "success"];
	return Object.keys(e).filter((e) => !t.includes(e));
}
function Ol(e) {
	let { userId: t, action: n, resourceType: r, resourceId: i, success: a, ...o } = e, s = t !== void 0 || r !== void 0 && i !== void 0 || n !== void 0 && !n.endsWith("*") || a === "false", c = [
		n,
		r,
		i,
		...Object.values(o)
	];
	return !s && c.some((e) => e !== void 0);
}
// src/views/trail/toolbar/filter-form.tsx
function kl({ name: e, filters: t, suggestions: n, onApply: r, onCancel: i }) {
	let a = Et(e ?? Pt.find((e) => !t[e]) ?? "userId"), o = Et(t[a.value] ?? ""), s = Et(!1), c = Le(), l = s.value ? Tl(a.value, o.value) : null;
	return /* @__PURE__ */ q("form", {
		class: "toolbar-form",
		onSubmit: (e) => {
			e.preventDefault(), s.value = !0, Tl(a.value, o.value) === null && r(a.value, o.value);
		},
		noValidate: !0,
		children: [
			e === void 0 && /* @__PURE__ */ q(Al, {
				id: `${c}-field`,
				name: a.value,
				onChange: (e) => {
					a.value = e, o.value = t[e] ?? (e === "success" ? "false" : ""), s.value = !1;
				}
			}),
			/* @__PURE__ */ q("label", {
				for: `${c}-value`,
				children: e ? G.filters.names[e] : G.filters.value
			}),
			/* @__PURE__ */ q(jl, {
				id: `${c}-value`,
				name: a.value,
				value: o.value,
				options: n.known.value[a.value] ?? [],
				describedBy: `${c}-hint`,
				isInvalid: l !== null,
				onChange: (e) => o.value = e
			}),
			/* @__PURE__ */ q("p", {
				id: `${c}-hint`,
				class: l ? "toolbar-form-problem" : "toolbar-form-hint",
				"aria-live": "polite",
				children: l ? `⚠ ${G.filters.problems[l]}` : G.filters.hints[a.value]
			}),
			/* @__PURE__ */ q("p", {
				class: "toolbar-form-buttons",
				children: [/* @__PURE__ */ q("button", {
					type: "submit",
					class: "toolbar-button-main",
					children: G.filters.apply
				}), /* @__PURE__ */ q("button", {
					type: "button",
					class: "toolbar-button",
					onClick: i,
					children: G.filters.cancel
				})]
			})
		]
	});
}
function Al({ id: e, name: t, onChange: n }) {
	return /* @__PURE__ */ q(S, { children: [/* @__PURE__ */ q("label", {
		for: e,
		children: G.filters.field
	}), /* @__PURE__ */ q("select", {
		id: e,
		value: t,
		onChange: (e) => n(e.currentTarget.value),
		children: Pt.map((e) => /* @__PURE__ */ q("option", {
			value: e,
			children: G.filters.names[e]
		}, e))
	})] });
}
function jl({ id: e, name: t, value: n, options: r, describedBy: i, isInvalid: a, onChange: o }) {
	let s = {
		id: e,
		value: n,
		"aria-describedby": i,
		"aria-invalid": a
	};
	return t === "success" ? /* @__PURE__ */ q("select", {
		...s,
		onChange: (e) => o(e.currentTarget.value),
		children: ["false", "true"].map((e) => /* @__PURE__ */ q("option", {
			value: e,
			children: G.filters.outcomes[e]
		}, e))
	}) : /* @__PURE__ */ q(S, { children: [/* @__PURE__ */ q("input", {
		...s,
		type: "text",
		list: `${e}-options`,
		autocomplete: "off",
		autocapitalize: "off",
		spellcheck: !1,
		onInput: (e) => o(e.currentTarget.value)
	}), /* @__PURE__ */ q("datalist", {
		id: `${e}-options`,
		children: r.map((e) => /* @__PURE__ */ q("option", { value: e }, e))
	})] });
}
// src/views/trail/toolbar/chips.tsx
function Ml({ suggestions: e, items: t }) {
	let { navigation: n } = z(), { filters: r } = n.place.value, i = R(null), a = (t, i) => {
		e.use(t, i), n.go({ filters: {
			...r,
			[t]: i
		} });
	}, o = (e) => {
		let t = Object.entries(r).filter(([t]) => e(t));
		n.go({ filters: Object.fromEntries(t) }), i.current?.querySelector(".toolbar-chips-add")?.focus();
	}, s = Pt.filter((e) => r[e] !== void 0);
	return /* @__PURE__ */ q("div", {
		ref: i,
		class: "toolbar-chips",
		role: "group",
		"aria-label": G.filters.label,
		children: [
			s.map((t) => /* @__PURE__ */ q(Nl, {
				name: t,
				filters: r,
				suggestions: e,
				onApply: a,
				onRemove: () => o((e) => e !== t)
			}, t)),
			/* @__PURE__ */ q(hl, {
				title: G.filters.addTitle,
				buttonTitle: G.filters.addTitle,
				buttonClass: "toolbar-button toolbar-chips-add",
				opener: vs,
				onOpen: () => e.see(t.peek()),
				label: /* @__PURE__ */ q(S, { children: [
					/* @__PURE__ */ q("span", {
						"aria-hidden": "true",
						children: "+"
					}),
					" ",
					G.filters.add
				] }),
				children: (t) => /* @__PURE__ */ q(kl, {
					filters: r,
					suggestions: e,
					onCancel: t,
					onApply: (e, n) => {
						a(e, n), t();
					}
				})
			}),
			s.length > 1 && /* @__PURE__ */ q("button", {
				type: "button",
				class: "toolbar-button-quiet",
				onClick: () => o(() => !1),
				children: G.filters.clear
			})
		]
	});
}
function Nl({ name: e, filters: t, suggestions: n, onApply: r, onRemove: i }) {
	let a = t[e] ?? "", o = G.filters.names[e], s = Tl(e, a);
	return /* @__PURE__ */ q("span", {
		class: s ? "toolbar-chip toolbar-chip-invalid" : "toolbar-chip",
		children: [/* @__PURE__ */ q(hl, {
			title: G.filters.edit(o),
			buttonClass: "toolbar-chip-edit",
			onRemove: i,
			label: /* @__PURE__ */ q(S, { children: [
				/* @__PURE__ */ q("span", {
					class: "toolbar-chip-name",
					children: o
				}),
				" ",
				/* @__PURE__ */ q("span", {
					class: "toolbar-chip-value",
					children: /* @__PURE__ */ q(Ln, {
						text: Pl(e, a),
						line: !0
					})
				}),
				s && /* @__PURE__ */ q("span", {
					class: "toolbar-chip-problem",
					children: [" ⚠ ", G.filters.notValid]
				})
			] }),
			children: (i) => /* @__PURE__ */ q(kl, {
				name: e,
				filters: t,
				suggestions: n,
				onCancel: i,
				onApply: (t, n) => {
					r(e, n), i();
				}
			})
		}), /* @__PURE__ */ q("button", {
			type: "button",
			class: "toolbar-chip-remove",
			"aria-label": G.filters.remove(o),
			onClick: i,
			children: /* @__PURE__ */ q("span", {
				"aria-hidden": "true",
				children: "×"
			})
		})]
	});
}
function Pl(e, t) {
	let n = G.filters.outcomes;
	return e === "success" ? n[t] ?? t : t;
}
// src/views/trail/toolbar/commands.ts
var Fl = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u, Il = /^[A-Za-z0-9_@%+:,./-]+$/;
function Ll(e) {
	return Il.test(e) ? e : Fl.test(e) ? `$'${[...e].map((e) => e === "\\" || e === "'" ? `\\${e}` : Fl.test(e) ? `\\U${(e.codePointAt(0) ?? 0).toString(16).padStart(8, "0")}` : e).join("")}'` : `'${e.replaceAll("'", "'\\''")}'`;
}
function Rl(e, t) {
	return `curl${t ? " -H \"Authorization: $TOKEN\"" : ""} ${Ll(e)}`;
}
var zl = {
	userId: "--user",
	action: "--action",
	resourceType: "--resource-type",
	resourceId: "--resource-id",
	requestId: "--request-id",
	sessionId: "--session-id",
	ipAddress: "--ip-address"
};
function Bl({ tenantId: e, filters: t, range: n, stack: r }) {
	let i = ["prooftrail", "query"], a = (e, t) => i.push(`${e}=${Ll(t)}`);
	e && a("--tenant", e);
	for (let [e, n] of Object.entries(zl)) {
		let r = t[e];
		r !== void 0 && a(n, r);
	}
	return t.success !== void 0 && i.push(t.success === "true" ? "--success" : "--failure"), n.kind === "preset" && a("--since", `${It[n.preset]}h`), n.kind === "fixed" && (a("--since", n.start), a("--until", (/* @__PURE__ */ new Date(Date.parse(n.end) - 1)).toISOString())), i.push("--all"), r && a("--stack", r), i.join(" ");
}
// src/views/trail/toolbar/csv.ts
var Vl = [
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
], Hl = "'", Ul = [
	"=",
	"+",
	"-",
	"@"
], Wl = /^[\p{C}\p{Z}]$/u;
function Gl(e) {
	return Kl(e) ? Hl + e : e;
}
function Kl(e) {
	if (/^['\t\r\n]/.test(e)) return !0;
	for (let t of e) if (!Wl.test(t)) return [...t.normalize("NFKC")].some((e) => Ul.includes(e));
	return !1;
}
function ql(e) {
	return e == null ? "" : `"${Gl(typeof e == "object" ? Zl(e) : String(e)).replaceAll("\"", "\"\"")}"`;
}
var Jl = (e) => `${e.map(ql).join(",")}\r\n`, Yl = Jl(Vl);
function Xl(e) {
	let t = e;
	return Jl(Vl.map((e) => e === "position" ? void 0 : t[e]));
}
function Zl(e) {
	return typeof e != "object" || !e ? JSON.stringify(e) : Array.isArray(e) ? `[${e.map(Zl).join(",")}]` : `{${Object.entries(e).sort(([e], [t]) => e < t ? -1 : 1).map(([e, t]) => `${JSON.stringify(e)}:${Zl(t)}`).join(",")}}`;
}
// src/views/trail/toolbar/export.ts
var Ql = 1e5, $l = 1e6, eu = 1e3, tu = 6, nu = 2;
async function ru(e) {
	try {
		let t = await iu(e);
		return e.signal.throwIfAborted(), await e.sink.finish(), t;
	} catch (t) {
		throw await e.sink.discard().catch(() => void 0), t;
	}
}
async function iu(e) {
	let { format: t, sink: n, onProgress: r } = e, i = t === "csv" ? Xl : au;
	t === "csv" && await n.write(Yl);
	let a = {
		events: 0,
		unreadable: 0
	}, o;
	do {
		let t = Math.min(eu, n.maxEvents - a.events), s = await ou(e, {
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
var au = (e) => `${JSON.stringify(e)}\n`;
async function ou({ api: e, signal: t }, n) {
	for (let r = 1;; r += 1) try {
		return await e.listEvents(n, t);
	} catch (e) {
		if (!(e instanceof pe && (e.kind === "throttled" || e.kind === "unavailable")) || r === tu) throw e;
		await su((e.retryAfter ?? nu) * 1e3, t);
	}
}
async function su(e, t) {
	return t.throwIfAborted(), new Promise((n, r) => {
		let i = () => {
			clearTimeout(a), r(t.reason);
		}, a = setTimeout(() => {
			t.removeEventListener("abort", i), n();
		}, e);
		t.addEventListener("abort", i, { once: !0 });
	});
}
// src/views/trail/toolbar/export-menu.tsx
function cu({ exports: e }) {
	let { api: t, navigation: n, settings: r } = z(), { tenantId: i, filters: a, range: o } = n.place.value, s = () => Bt(i, a, o, Date.now()), c = r.signIn !== void 0, l = () => Rl(new URL(t.getAddress("", s()), window.location.href).href, c), u = e.state.value?.kind === "running", d = "showSaveFilePicker" in window;
	return /* @__PURE__ */ q(hl, {
		title: G.exporting.title,
		buttonClass: "toolbar-button",
		label: /* @__PURE__ */ q(S, { children: [G.exporting.open, " ▾"] }),
		children: (t) => /* @__PURE__ */ q("div", {
			class: "toolbar-export-menu",
			children: [
				["ndjson", "csv"].map((n) => /* @__PURE__ */ q("button", {
					type: "button",
					class: "toolbar-button",
					disabled: u,
					onClick: () => {
						t(), e.start(s(), n);
					},
					children: ["↓ ", G.exporting[n]]
				}, n)),
				/* @__PURE__ */ q("p", {
					class: "toolbar-form-hint",
					children: [
						d ? G.exporting.diskNote(K($l)) : G.exporting.memoryNote(K(Ql)),
						" ",
						G.exporting.csvNote
					]
				}),
				/* @__PURE__ */ q("hr", {}),
				/* @__PURE__ */ q(xn, {
					label: G.exporting.curl,
					text: l
				}),
				/* @__PURE__ */ q(xn, {
					label: G.exporting.command,
					text: () => Bl({
						tenantId: i,
						filters: a,
						range: o,
						stack: r.stack
					})
				}),
				/* @__PURE__ */ q("p", {
					class: "toolbar-form-hint",
					children: c ? G.exporting.tokenNote : G.exporting.signNote
				})
			]
		})
	});
}
// src/views/trail/toolbar/sinks.ts
var lu = {
	csv: "text/csv",
	ndjson: "application/x-ndjson"
};
async function uu(e, t) {
	let n = window;
	if (n.showSaveFilePicker === void 0) return fu(e, t);
	try {
		return du(await (await n.showSaveFilePicker({ suggestedName: e })).createWritable());
	} catch (n) {
		return n instanceof DOMException && n.name === "AbortError" ? null : fu(e, t);
	}
}
function du(e) {
	return {
		maxEvents: $l,
		write: (t) => e.write(t),
		finish: () => e.close(),
		discard: () => e.abort()
	};
}
function fu(e, t) {
	let n = [];
	return {
		maxEvents: Ql,
		write: async (e) => {
			n.push(e);
		},
		finish: async () => {
			let r = URL.createObjectURL(new Blob(n, { type: lu[t] })), i = document.createElement("a");
			i.href = r, i.download = e, i.click(), setTimeout(() => URL.revokeObjectURL(r), 6e4);
		},
		discard: async () => {
			n = [];
		}
	};
}
// src/views/trail/toolbar/export-state.ts
function pu(e) {
	let t = H(null);
	async function n(n, r) {
		let i = await uu(`audit-events-${(/* @__PURE__ */ new Date()).toISOString().slice(0, 10)}.${r}`, r);
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
			let { signal: s } = a, c = await ru({
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
function mu({ exports: e }) {
	let t = e.state.value;
	return /* @__PURE__ */ q("div", {
		class: "toolbar-export-status",
		role: "status",
		"data-kind": t?.kind,
		children: t && /* @__PURE__ */ q(S, { children: [/* @__PURE__ */ q("span", { children: hu(t) }), t.kind === "running" ? /* @__PURE__ */ q("button", {
			type: "button",
			class: "toolbar-button",
			onClick: t.cancel,
			children: G.exporting.cancel
		}) : /* @__PURE__ */ q("button", {
			type: "button",
			class: "toolbar-button",
			onClick: e.dismiss,
			children: G.exporting.close
		})] })
	});
}
function hu(e) {
	switch (e.kind) {
		case "running": return G.exporting.progress(K(e.progress.events));
		case "cancelled": return G.exporting.cancelled;
		case "failed": return `⚠ ${G.exporting.failed} ${gu(e.error)}`;
		case "done": {
			let { events: t, unreadable: n, isComplete: r } = e.result, i = r ? G.exporting.done : G.exporting.limited, a = n > 0 ? ` ${G.exporting.unreadable(K(n))}` : "";
			return `${r ? "✓" : "⚠"} ${i(K(t))}${a}`;
		}
	}
}
function gu(e) {
	return e instanceof pe && e.kind !== "invalid" ? G.failures[e.kind].join(": ") : e instanceof Error ? e.message : String(e);
}
// node_modules/uplot/dist/uPlot.esm.js
var _u = !0, vu = "uplot", yu = "u-hz", bu = "u-vt", xu = "u-title", Su = "u-wrap", Cu = "u-under", wu = "u-over", Tu = "u-axis", Eu = "u-off", Du = "u-select", Ou = "u-cursor-x", ku = "u-cursor-y", Au = "u-cursor-pt", ju = "u-legend", Mu = "u-live", Nu = "u-inline", Pu = "u-series", Fu = "u-marker", Iu = "u-label", Lu = "u-value", Ru = "width", zu = "height", Bu = "top", Vu = "bottom", Hu = "left", Uu = "right", Wu = "#000", Gu = "#0000", Ku = "mousemove", qu = "mousedown", Ju = "mouseup", Yu = "mouseenter", Xu = "mouseleave", Zu = "dblclick", Qu = "resize", $u = "scroll", ed = "change", td = "dppxchange", nd = "--", rd = typeof window < "u", id = rd ? document : null, ad = rd ? window : null, od = rd ? navigator : null, Y, sd;
function cd() {
	let e = devicePixelRatio;
	Y != e && (Y = e, sd && Cd(ed, sd, cd), sd = matchMedia(`(min-resolution: ${Y - .001}dppx) and (max-resolution: ${Y + .001}dppx)`), Sd(ed, sd, cd), ad.dispatchEvent(new CustomEvent(td)));
}
function ld(e, t) {
	if (t != null) {
		let n = e.classList;
		!n.contains(t) && n.add(t);
	}
}
function ud(e, t) {
	let n = e.classList;
	n.contains(t) && n.remove(t);
}
function dd(e, t, n) {
	e.style[t] = n + "px";
}
function fd(e, t, n, r) {
	let i = id.createElement(e);
	return t != null && ld(i, t), n?.insertBefore(i, r), i;
}
function pd(e, t) {
	return fd("div", e, t);
}
var md = /* @__PURE__ */ new WeakMap();
function hd(e, t, n, r, i) {
	let a = "translate(" + t + "px," + n + "px)";
	a != md.get(e) && (e.style.transform = a, md.set(e, a), t < 0 || n < 0 || t > r || n > i ? ld(e, Eu) : ud(e, Eu));
}
var gd = /* @__PURE__ */ new WeakMap();
function _d(e, t, n) {
	let r = t + n;
	r != gd.get(e) && (gd.set(e, r), e.style.background = t, e.style.borderColor = n);
}
var vd = /* @__PURE__ */ new WeakMap();
function yd(e, t, n, r) {
	let i = t + "" + n;
	i != vd.get(e) && (vd.set(e, i), e.style.height = n + "px", e.style.width = t + "px", e.style.marginLeft = r ? -t / 2 + "px" : 0, e.style.marginTop = r ? -n / 2 + "px" : 0);
}
var bd = { passive: !0 }, xd = {
	...bd,
	capture: !0
};
function Sd(e, t, n, r) {
	t.addEventListener(e, n, r ? xd : bd);
}
function Cd(e, t, n, r) {
	t.removeEventListener(e, n, bd);
}
rd && cd();
function wd(e, t, n, r) {
	let i;
	n ||= 0, r ||= t.length - 1;
	let a = r <= 2147483647;
	for (; r - n > 1;) i = a ? n + r >> 1 : Gd((n + r) / 2), t[i] < e ? n = i : r = i;
	return e - t[n] <= t[r] - e ? n : r;
}
function Td(e) {
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
var Ed = (e) => e != null, Dd = (e) => e != null && e > 0, Od = Td(Ed), kd = Td(Dd);
function Ad(e, t, n, r = 0, i = !1) {
	let a = i ? kd : Od, o = i ? Dd : Ed;
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
	return [s ?? nf, c ?? -nf];
}
function jd(e, t, n, r) {
	let i = Zd(e), a = Zd(t);
	e == t && (i == -1 ? (e *= n, t /= n) : (e /= n, t *= n));
	let o = n == 10 ? Qd : $d, s = i == 1 ? Gd : qd, c = a == 1 ? qd : Gd, l = s(o(Wd(e))), u = c(o(Wd(t))), d = Xd(n, l), f = Xd(n, u);
	return n == 10 && (l < 0 && (d = Q(d, -l)), u < 0 && (f = Q(f, -u))), r || n == 2 ? (e = d * i, t = f * a) : (e = _f(e, d), t = gf(t, f)), [e, t];
}
function Md(e, t, n, r) {
	let i = jd(e, t, n, r);
	return e == 0 && (i[0] = 0), t == 0 && (i[1] = 0), i;
}
var Nd = .1, Pd = {
	mode: 3,
	pad: Nd
}, Fd = {
	pad: 0,
	soft: null,
	mode: 0
}, Id = {
	min: Fd,
	max: Fd
};
function Ld(e, t, n, r) {
	return Of(n) ? zd(e, t, n) : (Fd.pad = n, Fd.soft = r ? 0 : null, Fd.mode = r ? 3 : 0, zd(e, t, Id));
}
function X(e, t) {
	return e ?? t;
}
function Rd(e, t, n) {
	for (t = X(t, 0), n = X(n, e.length - 1); t <= n;) {
		if (e[t] != null) return !0;
		t++;
	}
	return !1;
}
function zd(e, t, n) {
	let r = n.min, i = n.max, a = X(r.pad, 0), o = X(i.pad, 0), s = X(r.hard, -nf), c = X(i.hard, nf), l = X(r.soft, nf), u = X(i.soft, -nf), d = X(r.mode, 0), f = X(i.mode, 0), p = t - e, m = Qd(p), h = Yd(Wd(e), Wd(t)), g = Wd(Qd(h) - m);
	(p < 1e-24 || g > 10) && (p = 0, (e == 0 || t == 0) && (p = 1e-24, d == 2 && l != nf && (a = 0), f == 2 && u != -nf && (o = 0)));
	let _ = p || h || 1e3, v = Xd(10, Gd(Qd(_))), y = Q(_f(e - _ * (p == 0 ? e == 0 ? .1 : 1 : a), v / 10), 24), b = e >= l && (d == 1 || d == 3 && y <= l || d == 2 && y >= l) ? l : nf, x = Yd(s, y < b && e >= b ? b : Jd(b, y)), S = Q(gf(t + _ * (p == 0 ? t == 0 ? .1 : 1 : o), v / 10), 24), C = t <= u && (f == 1 || f == 3 && S >= u || f == 2 && S <= u) ? u : -nf, w = Jd(c, S > C && t <= C ? C : Yd(C, S));
	return x == w && x == 0 && (w = 100), [x, w];
}
var Bd = new Intl.NumberFormat(rd ? od.language : "en-US"), Vd = (e) => Bd.format(e), Hd = Math, Ud = Hd.PI, Wd = Hd.abs, Gd = Hd.floor, Kd = Hd.round, qd = Hd.ceil, Jd = Hd.min, Yd = Hd.max, Xd = Hd.pow, Zd = Hd.sign, Qd = Hd.log10, $d = Hd.log2, ef = (e, t = 1) => Hd.sinh(e) * t, tf = (e, t = 1) => Hd.asinh(e / t), nf = Infinity;
function rf(e) {
	return (Qd((e ^ e >> 31) - (e >> 31)) | 0) + 1;
}
function af(e, t, n) {
	return Jd(Yd(e, t), n);
}
function of(e) {
	return typeof e == "function";
}
function Z(e) {
	return of(e) ? e : () => e;
}
var sf = () => {}, cf = (e) => e, lf = (e, t) => t, uf = (e) => null, df = (e) => !0, ff = (e, t) => e == t, pf = /\.\d*?(?=9{6,}|0{6,})/gm, mf = (e) => {
	if (Tf(e) || vf.has(e)) return e;
	let t = `${e}`, n = t.match(pf);
	if (n == null) return e;
	let r = n[0].length - 1;
	if (t.indexOf("e-") != -1) {
		let [e, n] = t.split("e");
		return +`${mf(e)}e${n}`;
	}
	return Q(e, r);
};
function hf(e, t) {
	return mf(Q(mf(e / t)) * t);
}
function gf(e, t) {
	return mf(qd(mf(e / t)) * t);
}
function _f(e, t) {
	return mf(Gd(mf(e / t)) * t);
}
function Q(e, t = 0) {
	if (Tf(e)) return e;
	let n = 10 ** t;
	return Kd(e * n * (1 + 2 ** -52)) / n;
}
var vf = /* @__PURE__ */ new Map();
function yf(e) {
	return (("" + e).split(".")[1] || "").length;
}
function bf(e, t, n, r) {
	let i = [], a = r.map(yf);
	for (let o = t; o < n; o++) {
		let t = Wd(o), n = Q(Xd(e, o), t);
		for (let s = 0; s < r.length; s++) {
			let c = e == 10 ? +`${r[s]}e${o}` : r[s] * n, l = (o >= 0 ? 0 : t) + (o >= a[s] ? 0 : a[s]), u = e == 10 ? c : Q(c, l);
			i.push(u), vf.set(u, l);
		}
	}
	return i;
}
var xf = {}, Sf = [], Cf = [null, null], wf = Array.isArray, Tf = Number.isInteger, Ef = (e) => e === void 0;
function Df(e) {
	return typeof e == "string";
}
function Of(e) {
	let t = !1;
	if (e != null) {
		let n = e.constructor;
		t = n == null || n == Object;
	}
	return t;
}
function kf(e) {
	return typeof e == "object" && !!e;
}
var Af = Object.getPrototypeOf(Uint8Array), jf = "__proto__";
function Mf(e, t = Of) {
	let n;
	if (wf(e)) {
		let r = e.find((e) => e != null);
		if (wf(r) || t(r)) {
			n = Array(e.length);
			for (let r = 0; r < e.length; r++) n[r] = Mf(e[r], t);
		} else n = e.slice();
	} else if (e instanceof Af) n = e.slice();
	else if (t(e)) {
		n = {};
		for (let r in e) r != jf && (n[r] = Mf(e[r], t));
	} else n = e;
	return n;
}
function Nf(e) {
	let t = arguments;
	for (let n = 1; n < t.length; n++) {
		let r = t[n];
		for (let t in r) t != jf && (Of(e[t]) ? Nf(e[t], Mf(r[t])) : e[t] = Mf(r[t]));
	}
	return e;
}
var Pf = 0, Ff = 1, If = 2;
function Lf(e, t, n) {
	for (let r = 0, i, a = -1; r < t.length; r++) {
		let o = t[r];
		if (o > a) {
			for (i = o - 1; i >= 0 && e[i] == null;) e[i--] = null;
			for (i = o + 1; i < n && e[i] == null;) e[a = i++] = null;
		}
	}
}
function Rf(e, t) {
	if (Vf(e)) {
		let t = e[0].slice();
		for (let n = 1; n < e.length; n++) t.push(...e[n].slice(1));
		return Hf(t[0]) || (t = Bf(t)), t;
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
			let c = o[e], l = Array(i).fill(void 0), u = t ? t[n][e] : Ff, d = [];
			for (let e = 0; e < c.length; e++) {
				let t = c[e], n = a.get(s[e]);
				t === null ? u != Pf && (l[n] = t, u == If && d.push(n)) : l[n] = t;
			}
			Lf(l, d, i), r.push(l);
		}
	}
	return r;
}
var zf = typeof queueMicrotask > "u" ? (e) => Promise.resolve().then(e) : queueMicrotask;
function Bf(e) {
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
function Vf(e) {
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
function Hf(e, t = 100) {
	let n = e.length;
	if (n <= 1) return !0;
	let r = 0, i = n - 1;
	for (; r <= i && e[r] == null;) r++;
	for (; i >= r && e[i] == null;) i--;
	if (i <= r) return !0;
	let a = Yd(1, Gd((i - r + 1) / t));
	for (let t = e[r], n = r + a; n <= i; n += a) {
		let r = e[n];
		if (r != null) {
			if (r <= t) return !1;
			t = r;
		}
	}
	return !0;
}
var Uf = [
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
], Wf = [
	"Sunday",
	"Monday",
	"Tuesday",
	"Wednesday",
	"Thursday",
	"Friday",
	"Saturday"
];
function Gf(e) {
	return e.slice(0, 3);
}
var Kf = Wf.map(Gf), qf = {
	MMMM: Uf,
	MMM: Uf.map(Gf),
	WWWW: Wf,
	WWW: Kf
};
function Jf(e) {
	return (e < 10 ? "0" : "") + e;
}
function Yf(e) {
	return (e < 10 ? "00" : e < 100 ? "0" : "") + e;
}
var Xf = {
	YYYY: (e) => e.getFullYear(),
	YY: (e) => (e.getFullYear() + "").slice(2),
	MMMM: (e, t) => t.MMMM[e.getMonth()],
	MMM: (e, t) => t.MMM[e.getMonth()],
	MM: (e) => Jf(e.getMonth() + 1),
	M: (e) => e.getMonth() + 1,
	DD: (e) => Jf(e.getDate()),
	D: (e) => e.getDate(),
	WWWW: (e, t) => t.WWWW[e.getDay()],
	WWW: (e, t) => t.WWW[e.getDay()],
	HH: (e) => Jf(e.getHours()),
	H: (e) => e.getHours(),
	h: (e) => {
		let t = e.getHours();
		return t == 0 ? 12 : t > 12 ? t - 12 : t;
	},
	AA: (e) => e.getHours() >= 12 ? "PM" : "AM",
	aa: (e) => e.getHours() >= 12 ? "pm" : "am",
	a: (e) => e.getHours() >= 12 ? "p" : "a",
	mm: (e) => Jf(e.getMinutes()),
	m: (e) => e.getMinutes(),
	ss: (e) => Jf(e.getSeconds()),
	s: (e) => e.getSeconds(),
	fff: (e) => Yf(e.getMilliseconds())
};
function Zf(e, t) {
	t ||= qf;
	let n = [], r = /\{([a-z]+)\}|[^{]+/gi, i;
	for (; i = r.exec(e);) n.push(i[0][0] == "{" ? Xf[i[1]] : i[0]);
	return (e) => {
		let r = "";
		for (let i = 0; i < n.length; i++) r += typeof n[i] == "string" ? n[i] : n[i](e, t);
		return r;
	};
}
var Qf = new Intl.DateTimeFormat().resolvedOptions().timeZone;
function $f(e, t) {
	let n;
	return t == "UTC" || t == "Etc/UTC" ? n = /* @__PURE__ */ new Date(+e + e.getTimezoneOffset() * 6e4) : t == Qf ? n = e : (n = new Date(e.toLocaleString("en-US", { timeZone: t })), n.setMilliseconds(e.getMilliseconds())), n;
}
var ep = (e) => e % 1 == 0, tp = [
	1,
	2,
	2.5,
	5
], np = bf(10, -32, 0, tp), rp = bf(10, 0, 32, tp), ip = rp.filter(ep), ap = np.concat(rp), op = "\n", sp = "{YYYY}", cp = op + sp, lp = "{M}/{D}", up = op + lp, dp = up + "/{YY}", fp = "{aa}", pp = "{h}:{mm}" + fp, mp = op + pp, hp = ":{ss}", $ = null;
function gp(e) {
	let t = e * 1e3, n = t * 60, r = n * 60, i = r * 24, a = i * 30, o = i * 365, s = (e == 1 ? bf(10, 0, 3, tp).filter(ep) : bf(10, -3, 0, tp)).concat([
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
			sp,
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
			cp,
			$,
			$,
			$,
			$,
			$,
			1
		],
		[
			i,
			lp,
			cp,
			$,
			$,
			$,
			$,
			$,
			1
		],
		[
			r,
			"{h}" + fp,
			dp,
			$,
			up,
			$,
			$,
			$,
			1
		],
		[
			n,
			pp,
			dp,
			$,
			up,
			$,
			$,
			$,
			1
		],
		[
			t,
			hp,
			dp + " " + pp,
			$,
			up + " " + pp,
			$,
			mp,
			$,
			1
		],
		[
			e,
			hp + ".{fff}",
			dp + " " + pp,
			$,
			up + " " + pp,
			$,
			mp,
			$,
			1
		]
	];
	function l(t) {
		return (s, c, l, u, d, f) => {
			let p = [], m = d >= o, h = d >= a && d < o, g = t(l), _ = Q(g * e, 3), v = Ep(g.getFullYear(), m ? 0 : g.getMonth(), h || m ? 1 : g.getDate()), y = Q(v * e, 3);
			if (h || m) {
				let n = h ? d / a : 0, r = m ? d / o : 0, i = _ == y ? _ : Q(Ep(v.getFullYear() + r, v.getMonth() + n, 1) * e, 3), s = new Date(Kd(i / e)), c = s.getFullYear(), l = s.getMonth();
				for (let a = 0; i <= u; a++) {
					let o = Ep(c + r * a, l + n * a, 1), s = o - t(Q(o * e, 3));
					i = Q((+o + s) * e, 3), i <= u && p.push(i);
				}
			} else {
				let a = d >= i ? i : d, o = y + (Gd(l) - Gd(_)) + gf(_ - y, a);
				p.push(o);
				let m = t(o), h = m.getHours() + m.getMinutes() / n + m.getSeconds() / r, g = d / r, v = f / s.axes[c]._space;
				for (; o = Q(o + d, e == 1 ? 0 : 3), !(o > u);) if (g > 1) {
					let e = Gd(Q(h + g, 6)) % 24, n = t(o).getHours() - e;
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
var [_p, vp, yp] = gp(1), [bp, xp, Sp] = gp(.001);
bf(2, -53, 53, [1]);
function Cp(e, t) {
	return e.map((e) => e.map((n, r) => r == 0 || r == 8 || n == null ? n : t(r == 1 || e[8] == 0 ? n : e[1] + n)));
}
function wp(e, t) {
	return (n, r, i, a, o) => {
		let s = t.find((e) => o >= e[0]) || t[t.length - 1], c, l, u, d, f, p;
		return r.map((t) => {
			let n = e(t), r = n.getFullYear(), i = n.getMonth(), a = n.getDate(), o = n.getHours(), m = n.getMinutes(), h = n.getSeconds(), g = r != c && s[2] || i != l && s[3] || a != u && s[4] || o != d && s[5] || m != f && s[6] || h != p && s[7] || s[1];
			return c = r, l = i, u = a, d = o, f = m, p = h, g(n);
		});
	};
}
function Tp(e, t) {
	let n = Zf(t);
	return (t, r, i, a, o) => r.map((t) => n(e(t)));
}
function Ep(e, t, n) {
	return new Date(e, t, n);
}
function Dp(e, t) {
	return t(e);
}
var Op = "{YYYY}-{MM}-{DD} {h}:{mm}{aa}";
function kp(e, t) {
	return (n, r, i, a) => a == null ? nd : t(e(r));
}
function Ap(e, t) {
	let n = e.series[t];
	return n.width ? n.stroke(e, t) : n.points.width ? n.points.stroke(e, t) : null;
}
function jp(e, t) {
	return e.series[t].fill(e, t);
}
var Mp = {
	show: !0,
	live: !0,
	isolate: !1,
	mount: sf,
	markers: {
		show: !0,
		width: 2,
		stroke: Ap,
		fill: jp,
		dash: "solid"
	},
	idx: null,
	idxs: null,
	values: []
};
function Np(e, t) {
	let n = e.cursor.points, r = pd(), i = n.size(e, t);
	dd(r, Ru, i), dd(r, zu, i);
	let a = i / -2;
	dd(r, "marginLeft", a), dd(r, "marginTop", a);
	let o = n.width(e, t, i);
	return o && dd(r, "borderWidth", o), r;
}
function Pp(e, t) {
	let n = e.series[t].points;
	return n._fill || n._stroke;
}
function Fp(e, t) {
	let n = e.series[t].points;
	return n._stroke || n._fill;
}
function Ip(e, t) {
	return e.series[t].points.size;
}
var Lp = [0, 0];
function Rp(e, t, n) {
	return Lp[0] = t, Lp[1] = n, Lp;
}
function zp(e, t, n, r = !0) {
	return (e) => {
		e.button != 0 || r && e.target != t || n(e);
	};
}
function Bp(e, t, n, r = !0) {
	return (e) => {
		r && e.target != t || n(e);
	};
}
var Vp = {
	show: !0,
	x: !0,
	y: !0,
	lock: !1,
	move: Rp,
	points: {
		one: !1,
		show: Np,
		size: Ip,
		width: 0,
		stroke: Fp,
		fill: Pp
	},
	bind: {
		mousedown: zp,
		mouseup: zp,
		click: zp,
		dblclick: zp,
		mousemove: Bp,
		mouseleave: Bp,
		mouseenter: Bp
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
}, Hp = {
	show: !0,
	stroke: "rgba(0,0,0,0.07)",
	width: 2
}, Up = Nf({}, Hp, { filter: lf }), Wp = Nf({}, Up, { size: 10 }), Gp = Nf({}, Hp, { show: !1 }), Kp = "12px system-ui, -apple-system, \"Segoe UI\", Roboto, \"Helvetica Neue\", Arial, \"Noto Sans\", sans-serif, \"Apple Color Emoji\", \"Segoe UI Emoji\", \"Segoe UI Symbol\", \"Noto Color Emoji\"", qp = "bold " + Kp, Jp = 1.5, Yp = {
	show: !0,
	scale: "x",
	stroke: Wu,
	space: 50,
	gap: 5,
	alignTo: 1,
	size: 50,
	labelGap: 0,
	labelSize: 30,
	labelFont: qp,
	side: 2,
	grid: Up,
	ticks: Wp,
	border: Gp,
	font: Kp,
	lineGap: Jp,
	rotate: 0
}, Xp = "Value", Zp = "Time", Qp = {
	show: !0,
	scale: "x",
	auto: !1,
	sorted: 1,
	min: nf,
	max: -Infinity,
	idxs: []
};
function $p(e, t, n, r, i) {
	return t.map((e) => e == null ? "" : Vd(e));
}
function em(e, t, n, r, i, a, o) {
	let s = [], c = vf.get(i) || 0;
	n = o ? n : Q(gf(n, i), c);
	for (let e = n; e <= r; e = Q(e + i, c)) s.push(Object.is(e, -0) ? 0 : e);
	return s;
}
function tm(e, t, n, r, i, a, o) {
	let s = [], c = e.scales[e.axes[t].scale].log;
	i = Xd(c, Gd((c == 10 ? Qd : $d)(n))), c == 10 && (i = ap[wd(i, ap)]);
	let l = n, u = i * c;
	c == 10 && (u = ap[wd(u, ap)]);
	do
		s.push(l), l += i, c == 10 && !vf.has(l) && (l = Q(l, vf.get(i))), l >= u && (i = l, u = i * c, c == 10 && (u = ap[wd(u, ap)]));
	while (l <= r);
	return s;
}
function nm(e, t, n, r, i, a, o) {
	let s = e.scales[e.axes[t].scale].asinh, c = r > s ? tm(e, t, Yd(s, n), r, i) : [s], l = r >= 0 && n <= 0 ? [0] : [];
	return (n < -s ? tm(e, t, Yd(s, -r), -n, i) : [s]).reverse().map((e) => -e).concat(l, c);
}
var rm = /./, im = /[12357]/, am = /[125]/, om = /1/, sm = (e, t, n, r) => e.map((e, i) => t == 4 && e == 0 || i % r == 0 && n.test(e.toExponential()[+(e < 0)]) ? e : null);
function cm(e, t, n, r, i) {
	let a = e.axes[n], o = a.scale, s = e.scales[o], c = e.valToPos, l = a._space, u = c(10, o), d = c(9, o) - u >= l ? rm : c(7, o) - u >= l ? im : c(5, o) - u >= l ? am : om;
	if (d == om) {
		let e = Wd(c(1, o) - u);
		if (e < l) return sm(t.slice().reverse(), s.distr, d, qd(l / e)).reverse();
	}
	return sm(t, s.distr, d, 1);
}
function lm(e, t, n, r, i) {
	let a = e.axes[n], o = a.scale, s = a._space, c = e.valToPos, l = Wd(c(1, o) - c(2, o));
	return l < s ? sm(t.slice().reverse(), 3, rm, qd(s / l)).reverse() : t;
}
function um(e, t, n, r) {
	return r == null ? nd : t == null ? "" : Vd(t);
}
var dm = {
	show: !0,
	scale: "y",
	stroke: Wu,
	space: 30,
	gap: 5,
	alignTo: 1,
	size: 50,
	labelGap: 0,
	labelSize: 30,
	labelFont: qp,
	side: 3,
	grid: Up,
	ticks: Wp,
	border: Gp,
	font: Kp,
	lineGap: Jp,
	rotate: 0
};
function fm(e, t) {
	return Q((3 + (e || 1) * 2) * t, 3);
}
function pm(e, t) {
	let { scale: n, idxs: r } = e.series[0], i = e._data[0], a = e.valToPos(i[r[0]], n, !0), o = Wd(e.valToPos(i[r[1]], n, !0) - a) / (e.series[t].points.space * Y);
	return r[1] - r[0] <= o;
}
var mm = {
	scale: null,
	auto: !0,
	sorted: 0,
	min: nf,
	max: -Infinity
}, hm = (e, t, n, r, i) => i, gm = {
	show: !0,
	auto: !0,
	sorted: 0,
	gaps: hm,
	alpha: 1,
	facets: [Nf({}, mm, { scale: "x" }), Nf({}, mm, { scale: "y" })]
}, _m = {
	scale: "y",
	auto: !0,
	sorted: 0,
	show: !0,
	spanGaps: !1,
	gaps: hm,
	alpha: 1,
	points: {
		show: pm,
		filter: null
	},
	values: null,
	min: nf,
	max: -Infinity,
	idxs: [],
	path: null,
	clip: null
};
function vm(e, t, n, r, i) {
	return n / 10;
}
var ym = {
	time: _u,
	auto: !0,
	distr: 1,
	log: 10,
	asinh: 1,
	min: null,
	max: null,
	dir: 1,
	ori: 0
}, bm = Nf({}, ym, {
	time: !1,
	ori: 1
}), xm = {};
function Sm(e, t) {
	let n = xm[e];
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
	}, e != null && (xm[e] = n)), n;
}
var Cm = 1, wm = 2;
function Tm(e, t, n) {
	let r = e.mode, i = e.series[t], a = r == 2 ? e._data[t] : e._data, o = e.scales, s = e.bbox, c = a[0], l = r == 2 ? a[1] : a[t], u = r == 2 ? o[i.facets[0].scale] : o[e.series[0].scale], d = r == 2 ? o[i.facets[1].scale] : o[i.scale], f = s.left, p = s.top, m = s.width, h = s.height, g = e.valToPosH, _ = e.valToPosV;
	return u.ori == 0 ? n(i, c, l, u, d, g, _, f, p, m, h, Pm, Im, Rm, Bm, Hm) : n(i, c, l, u, d, _, g, p, f, h, m, Fm, Lm, zm, Vm, Um);
}
function Em(e, t) {
	let n = 0, r = 0, i = X(e.bands, Sf);
	for (let e = 0; e < i.length; e++) {
		let a = i[e];
		a.series[0] == t ? n = a.dir : a.series[1] == t && (a.dir == 1 ? r |= 1 : r |= 2);
	}
	return [n, r == 1 ? -1 : r == 2 ? 1 : r == 3 ? 2 : 0];
}
function Dm(e, t, n, r, i) {
	let a = e.mode, o = e.series[t], s = a == 2 ? o.facets[1].scale : o.scale, c = e.scales[s];
	return i == -1 ? c.min : i == 1 ? c.max : c.distr == 3 ? c.dir == 1 ? c.min : c.max : 0;
}
function Om(e, t, n, r, i, a) {
	return Tm(e, t, (e, t, o, s, c, l, u, d, f, p, m) => {
		let h = e.pxRound, g = s.dir * (s.ori == 0 ? 1 : -1), _ = s.ori == 0 ? Im : Lm, v, y;
		g == 1 ? (v = n, y = r) : (v = r, y = n);
		let b = h(l(t[v], s, p, d)), x = h(u(o[v], c, m, f)), S = h(l(t[y], s, p, d)), C = h(u(a == 1 ? c.max : c.min, c, m, f)), w = new Path2D(i);
		return _(w, S, C), _(w, b, C), _(w, b, x), w;
	});
}
function km(e, t, n, r, i, a) {
	let o = null;
	if (e.length > 0) {
		o = new Path2D();
		let s = t == 0 ? Rm : zm, c = n;
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
function Am(e, t, n) {
	let r = e[e.length - 1];
	r && r[0] == t ? r[1] = n : e.push([t, n]);
}
function jm(e, t, n, r, i, a, o) {
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
function Mm(e) {
	return e == 0 ? cf : e == 1 ? Kd : (t) => hf(t, e);
}
function Nm(e) {
	let t = e == 0 ? Pm : Fm, n = e == 0 ? (e, t, n, r, i, a) => {
		e.arcTo(t, n, r, i, a);
	} : (e, t, n, r, i, a) => {
		e.arcTo(n, t, i, r, a);
	}, r = e == 0 ? (e, t, n, r, i) => {
		e.rect(t, n, r, i);
	} : (e, t, n, r, i) => {
		e.rect(n, t, i, r);
	};
	return (e, i, a, o, s, c = 0, l = 0) => {
		c == 0 && l == 0 ? r(e, i, a, o, s) : (c = Jd(c, o / 2, s / 2), l = Jd(l, o / 2, s / 2), t(e, i + c, a), n(e, i + o, a, i + o, a + s, c), n(e, i + o, a + s, i, a + s, l), n(e, i, a + s, i, a, l), n(e, i, a, i + o, a, c), e.closePath());
	};
}
var Pm = (e, t, n) => {
	e.moveTo(t, n);
}, Fm = (e, t, n) => {
	e.moveTo(n, t);
}, Im = (e, t, n) => {
	e.lineTo(t, n);
}, Lm = (e, t, n) => {
	e.lineTo(n, t);
}, Rm = Nm(0), zm = Nm(1), Bm = (e, t, n, r, i, a) => {
	e.arc(t, n, r, i, a);
}, Vm = (e, t, n, r, i, a) => {
	e.arc(n, t, r, i, a);
}, Hm = (e, t, n, r, i, a, o) => {
	e.bezierCurveTo(t, n, r, i, a, o);
}, Um = (e, t, n, r, i, a, o) => {
	e.bezierCurveTo(n, t, i, r, o, a);
};
function Wm(e) {
	return (e, t, n, r, i) => Tm(e, t, (t, a, o, s, c, l, u, d, f, p, m) => {
		let { pxRound: h, points: g } = t, _, v;
		s.ori == 0 ? (_ = Pm, v = Bm) : (_ = Fm, v = Vm);
		let y = Q(g.width * Y, 3), b = (g.size - g.width) / 2 * Y, x = Q(b * 2, 3), S = new Path2D(), C = new Path2D(), { left: w, top: T, width: E, height: D } = e.bbox;
		Rm(C, w - x, T - x, E + x * 2, D + x * 2);
		let O = (e) => {
			if (o[e] != null) {
				let t = h(l(a[e], s, p, d)), n = h(u(o[e], c, m, f));
				_(S, t + b, n), v(S, t, n, b, 0, Ud * 2);
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
function Gm(e) {
	return (t, n, r, i, a, o) => {
		r != i && (a != r && o != r && e(t, n, r), a != i && o != i && e(t, n, i), e(t, n, o));
	};
}
var Km = Gm(Im), qm = Gm(Lm);
function Jm(e) {
	let t = X(e?.alignGaps, 0);
	return (e, n, r, i) => Tm(e, n, (a, o, s, c, l, u, d, f, p, m, h) => {
		[r, i] = Od(s, r, i);
		let g = a.pxRound, _ = (e) => g(u(e, c, m, f)), v = (e) => g(d(e, l, h, p)), y, b;
		c.ori == 0 ? (y = Im, b = Km) : (y = Lm, b = qm);
		let x = c.dir * (c.ori == 0 ? 1 : -1), S = {
			stroke: new Path2D(),
			fill: null,
			clip: null,
			band: null,
			gaps: null,
			flags: Cm
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
		let [T, E] = Em(e, n);
		if (a.fill != null || T != 0) {
			let t = S.fill = new Path2D(C), s = v(a.fillTo(e, n, a.min, a.max, T)), c = _(o[r]), l = _(o[i]);
			x == -1 && ([l, c] = [c, l]), y(t, l, s), y(t, c, s);
		}
		if (!a.spanGaps) {
			let l = [];
			w && l.push(...jm(o, s, r, i, x, _, t)), S.gaps = l = a.gaps(e, n, r, i, l), S.clip = km(l, c.ori, f, p, m, h);
		}
		return E != 0 && (S.band = E == 2 ? [Om(e, n, r, i, C, -1), Om(e, n, r, i, C, 1)] : Om(e, n, r, i, C, E)), S;
	});
}
function Ym(e) {
	let t = X(e.align, 1), n = X(e.ascDesc, !1), r = X(e.alignGaps, 0), i = X(e.extend, !1);
	return (e, a, o, s) => Tm(e, a, (c, l, u, d, f, p, m, h, g, _, v) => {
		[o, s] = Od(u, o, s);
		let y = c.pxRound, { left: b, width: x } = e.bbox, S = (e) => y(p(e, d, _, h)), C = (e) => y(m(e, f, v, g)), w = d.ori == 0 ? Im : Lm, T = {
			stroke: new Path2D(),
			fill: null,
			clip: null,
			band: null,
			gaps: null,
			flags: Cm
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
		let [re, ie] = Em(e, a);
		if (c.fill != null || re != 0) {
			let t = T.fill = new Path2D(E), n = C(c.fillTo(e, a, c.min, c.max, re));
			w(t, ne, n), w(t, k, n);
		}
		if (!c.spanGaps) {
			let i = [];
			i.push(...jm(l, u, o, s, D, S, r));
			let f = c.width * Y / 2, p = n || t == 1 ? f : -f, m = n || t == -1 ? -f : f;
			i.forEach((e) => {
				e[0] += p, e[1] += m;
			}), T.gaps = i = c.gaps(e, a, o, s, i), T.clip = km(i, d.ori, h, g, _, v);
		}
		return ie != 0 && (T.band = ie == 2 ? [Om(e, a, o, s, E, -1), Om(e, a, o, s, E, 1)] : Om(e, a, o, s, E, ie)), T;
	});
}
function Xm(e, t, n, r, i, a, o = nf) {
	if (e.length > 1) {
		let s = null;
		for (let c = 0, l = Infinity; c < e.length; c++) if (t[c] !== void 0) {
			if (s != null) {
				let t = Wd(e[c] - e[s]);
				t < l && (l = t, o = Wd(n(e[c], r, i, a) - n(e[s], r, i, a)));
			}
			s = c;
		}
	}
	return o;
}
function Zm(e) {
	e ||= xf;
	let t = X(e.size, [
		.6,
		nf,
		1
	]), n = e.align || 0, r = e.gap || 0, i = e.radius;
	i = i == null ? [0, 0] : typeof i == "number" ? [i, 0] : i;
	let a = Z(i), o = 1 - t[0], s = X(t[1], nf), c = X(t[2], 1), l = X(e.disp, xf), u = X(e.each, (e) => {}), { fill: d, stroke: f } = l;
	return (e, t, i, p) => Tm(e, t, (m, h, g, _, v, y, b, x, S, C, w) => {
		let T = m.pxRound, E = n, D = r * Y, O = s * Y, ee = c * Y, te, k;
		_.ori == 0 ? [te, k] = a(e, t) : [k, te] = a(e, t);
		let ne = _.dir * (_.ori == 0 ? 1 : -1), re = _.ori == 0 ? Rm : zm, ie = _.ori == 0 ? u : (e, t, n, r, i, a, o) => {
			u(e, t, n, i, r, o, a);
		}, ae = X(e.bands, Sf).find((e) => e.series[0] == t), oe = ae == null ? 0 : ae.dir, se = m.fillTo(e, t, m.min, m.max, oe), ce = T(b(se, v, w, S)), A, le, j, M = C, ue = T(m.width * Y), de = !1, fe = null, pe = null, me = null, he = null;
		d != null && (ue == 0 || f != null) && (de = !0, fe = d.values(e, t, i, p), pe = /* @__PURE__ */ new Map(), new Set(fe).forEach((e) => {
			e != null && pe.set(e, new Path2D());
		}), ue > 0 && (me = f.values(e, t, i, p), he = /* @__PURE__ */ new Map(), new Set(me).forEach((e) => {
			e != null && he.set(e, new Path2D());
		})));
		let { x0: ge, size: _e } = l;
		if (ge != null && _e != null) {
			E = 1, h = ge.values(e, t, i, p), ge.unit == 2 && (h = h.map((t) => e.posToVal(x + t * C, _.key, !0)));
			let n = _e.values(e, t, i, p);
			le = _e.unit == 2 ? n[0] * C : y(n[0], _, C, x) - y(0, _, C, x), M = Xm(h, g, y, _, C, x, M), j = M - le + D;
		} else M = Xm(h, g, y, _, C, x, M), j = M * o + D, le = M - j;
		j < 1 && (j = 0), ue >= le / 2 && (ue = 0), j < 5 && (T = cf);
		let ve = j > 0, ye = M - j - (ve ? ue : 0);
		le = T(af(ye, ee, O)), A = (E == 0 ? le / 2 : E == ne ? 0 : le) - E * ne * ((E == 0 ? D / 2 : 0) + (ve ? ue / 2 : 0));
		let N = {
			stroke: null,
			fill: null,
			clip: null,
			band: null,
			gaps: null,
			flags: 0
		}, be = de ? null : new Path2D(), xe = null;
		if (ae != null) xe = e.data[ae.series[1]];
		else {
			let { y0: n, y1: r } = l;
			n != null && r != null && (g = r.values(e, t, i, p), xe = n.values(e, t, i, p));
		}
		let Se = te * le, Ce = k * le;
		for (let n = ne == 1 ? i : p; n >= i && n <= p; n += ne) {
			let r = g[n];
			if (r == null) continue;
			if (xe != null) {
				let e = xe[n] ?? 0;
				if (r - e == 0) continue;
				ce = b(e, v, w, S);
			}
			let i = y(_.distr != 2 || l != null ? h[n] : n, _, C, x), a = b(X(r, se), v, w, S), o = T(i - A), s = T(Yd(a, ce)), c = T(Jd(a, ce)), u = s - c;
			if (r != null) {
				let i = r < 0 ? Ce : Se, a = r < 0 ? Se : Ce;
				de ? (ue > 0 && me[n] != null && re(he.get(me[n]), o, c + Gd(ue / 2), le, Yd(0, u - ue), i, a), fe[n] != null && re(pe.get(fe[n]), o, c + Gd(ue / 2), le, Yd(0, u - ue), i, a)) : re(be, o, c + Gd(ue / 2), le, Yd(0, u - ue), i, a), ie(e, t, n, o - ue / 2, c, le + ue, u);
			}
		}
		return ue > 0 ? N.stroke = de ? he : be : de || (N._fill = m.width == 0 ? m._fill : m._stroke ?? m._fill, N.width = 0), N.fill = de ? pe : be, N;
	});
}
function Qm(e, t) {
	let n = X(t?.alignGaps, 0);
	return (t, r, i, a) => Tm(t, r, (o, s, c, l, u, d, f, p, m, h, g) => {
		[i, a] = Od(c, i, a);
		let _ = o.pxRound, v = (e) => _(d(e, l, h, p)), y = (e) => _(f(e, u, g, m)), b, x, S;
		l.ori == 0 ? (b = Pm, S = Im, x = Hm) : (b = Fm, S = Lm, x = Um);
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
			flags: Cm
		}, ee = O.stroke, [te, k] = Em(t, r);
		if (o.fill != null || te != 0) {
			let e = O.fill = new Path2D(ee), n = y(o.fillTo(t, r, o.min, o.max, te));
			S(e, T, n), S(e, w, n);
		}
		if (!o.spanGaps) {
			let e = [];
			e.push(...jm(s, c, i, a, C, v, n)), O.gaps = e = o.gaps(t, r, i, a, e), O.clip = km(e, l.ori, p, m, h, g);
		}
		return k != 0 && (O.band = k == 2 ? [Om(t, r, i, a, ee, -1), Om(t, r, i, a, ee, 1)] : Om(t, r, i, a, ee, k)), O;
	});
}
function $m(e) {
	return Qm(eh, e);
}
function eh(e, t, n, r, i, a) {
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
var th = /* @__PURE__ */ new Set();
function nh() {
	for (let e of th) e.syncRect(!0);
}
rd && (Sd(Qu, ad, nh), Sd($u, ad, nh, !0), Sd(td, ad, () => {
	vh.pxRatio = Y;
}));
var rh = Jm(), ih = Wm();
function ah(e, t, n, r) {
	return (r ? [e[0], e[1]].concat(e.slice(2)) : [e[0]].concat(e.slice(1))).map((e, r) => sh(e, r, t, n));
}
function oh(e, t) {
	return e.map((e, n) => n == 0 ? {} : Nf({}, t, e));
}
function sh(e, t, n, r) {
	return Nf({}, t == 0 ? n : r, e);
}
function ch(e, t, n) {
	return t == null ? Cf : [t, n];
}
var lh = ch;
function uh(e, t, n) {
	return t == null ? Cf : Ld(t, n, Nd, !0);
}
function dh(e, t, n, r) {
	return t == null ? Cf : jd(t, n, e.scales[r].log, !1);
}
var fh = dh;
function ph(e, t, n, r) {
	return t == null ? Cf : Md(t, n, e.scales[r].log, !1);
}
var mh = ph;
function hh(e, t, n, r, i) {
	let a = Yd(rf(e), rf(t)), o = t - e, s = wd(i / r * o, n);
	do {
		let e = n[s], t = r * e / o;
		if (t >= i && a + (e < 5 ? vf.get(e) : 0) <= 17) return [e, t];
	} while (++s < n.length);
	return [0, 0];
}
function gh(e) {
	let t, n;
	return e = e.replace(/(\d+)px/, (e, r) => (t = Kd((n = +r) * Y)) + "px"), [
		e,
		t,
		n
	];
}
function _h(e) {
	e.show && [e.font, e.labelFont].forEach((e) => {
		let t = Q(e[2] * Y, 1);
		e[0] = e[0].replace(/[0-9.]+px/, t + "px"), e[1] = t;
	});
}
function vh(e, t, n) {
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
	let l = r.root = pd(vu);
	if (e.id != null && (l.id = e.id), ld(l, e.class), e.title) {
		let t = pd(xu, l);
		t.textContent = e.title;
	}
	let u = fd("canvas"), d = r.ctx = u.getContext("2d"), f = pd(Su, l);
	Sd("click", f, (e) => {
		e.target === m && (U != tn || W != nn) && sn.click(r, e);
	}, !0);
	let p = r.under = pd(Cu, f);
	f.appendChild(u);
	let m = r.over = pd(wu, f);
	e = Mf(e);
	let h = +X(e.pxAlign, 1), g = Mm(h);
	(e.plugins || []).forEach((t) => {
		t.opts && (e = t.opts(r, e) || e);
	});
	let _ = e.ms || .001, v = r.series = i == 1 ? ah(e.series || [], Qp, _m, !1) : oh(e.series || [null], gm), y = r.axes = ah(e.axes || [], Yp, dm, !0), b = r.scales = {}, x = r.bands = e.bands || [];
	x.forEach((e) => {
		e.fill = Z(e.fill || null), e.dir = X(e.dir, -1);
	});
	let S = i == 2 ? v[1].facets[0].scale : v[0].scale, C = {
		axes: zt,
		series: Ot
	}, w = (e.drawOrder || ["axes", "series"]).map((e) => C[e]);
	function T(e) {
		let t = e.distr == 3 ? (t) => Qd(t > 0 ? t : e.clamp(r, t, e.min, e.max, e.key)) : e.distr == 4 ? (t) => tf(t, e.asinh) : e.distr == 100 ? (t) => e.fwd(t) : (e) => e;
		return (n) => {
			let r = t(n), { _min: i, _max: a } = e, o = a - i;
			return (r - i) / o;
		};
	}
	function E(t) {
		let n = b[t];
		if (n == null) {
			let r = (e.scales || xf)[t] || xf;
			if (r.from != null) {
				E(r.from);
				let e = Nf({}, b[r.from], r, { key: t });
				e.valToPct = T(e), b[t] = e;
			} else {
				n = b[t] = Nf({}, t == S ? ym : bm, r), n.key = t;
				let e = n.time, a = n.range, o = wf(a);
				if ((t != S || i == 2 && !e) && (o && (a[0] == null || a[1] == null) && (a = {
					min: a[0] == null ? Pd : {
						mode: 1,
						hard: a[0],
						soft: a[0]
					},
					max: a[1] == null ? Pd : {
						mode: 1,
						hard: a[1],
						soft: a[1]
					}
				}, o = !1), !o && Of(a))) {
					let e = a;
					a = (t, n, r) => n == null ? Cf : Ld(n, r, e);
				}
				n.range = Z(a || (e ? lh : t == S ? n.distr == 3 ? fh : n.distr == 4 ? mh : ch : n.distr == 3 ? dh : n.distr == 4 ? ph : uh)), n.auto = Z(!o && n.auto), n.clamp = Z(n.clamp || vm), n._min = n._max = null, n.valToPct = T(n);
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
	D.ori == 0 ? (ld(l, yu), ee = a, te = o) : (ld(l, bu), ee = o, te = a);
	let k = {};
	for (let e in b) {
		let t = b[e];
		(t.min != null || t.max != null) && (k[e] = {
			min: t.min,
			max: t.max
		}, t.min = t.max = null);
	}
	let ne = e.tzDate || ((e) => new Date(Kd(e / _))), re = e.fmtDate || Zf, ie = _ == 1 ? yp(ne) : Sp(ne), ae = wp(ne, Cp(_ == 1 ? vp : xp, re)), oe = kp(ne, Dp(Op, re)), se = [], ce = r.legend = Nf({}, Mp, e.legend), A = r.cursor = Nf({}, Vp, { drag: { y: i == 2 } }, e.cursor), le = ce.show, j = A.show, M = ce.markers;
	ce.idxs = se, M.width = Z(M.width), M.dash = Z(M.dash), M.stroke = Z(M.stroke), M.fill = Z(M.fill);
	let ue, de, fe, pe = [], me = [], he, ge = !1, _e = {};
	if (ce.live) {
		let e = v[1] ? v[1].values : null;
		ge = e != null, he = ge ? e(r, 1, 0) : { _: 0 };
		for (let e in he) _e[e] = nd;
	}
	if (le) {
		if (ue = fd("table", ju, l), fe = fd("tbody", null, ue), ce.mount(r, ue), ge) {
			de = fd("thead", null, ue, fe);
			let e = fd("tr", null, de);
			for (var ve in fd("th", null, e), he) fd("th", Iu, e).textContent = ve;
		} else ld(ue, Nu), ce.live && ld(ue, Mu);
	}
	let ye = { show: !0 }, N = { show: !1 };
	function be(e, t) {
		if (t == 0 && (ge || !ce.live || i == 2)) return Cf;
		let n = [], a = fd("tr", Pu, fe, fe.childNodes[t]);
		ld(a, e.class), e.show || ld(a, Eu);
		let o = fd("th", null, a);
		if (M.show) {
			let e = pd(Fu, o);
			if (t > 0) {
				let n = M.width(r, t);
				n && (e.style.border = n + "px " + M.dash(r, t) + " " + M.stroke(r, t)), e.style.background = M.fill(r, t);
			}
		}
		let s = pd(Iu, o);
		for (var c in e.label instanceof HTMLElement ? s.appendChild(e.label) : s.textContent = e.label, t > 0 && (M.show || (s.style.color = e.width > 0 ? M.stroke(r, t) : M.fill(r, t)), Se("click", o, (t) => {
			if (A._lock) return;
			Ge(t);
			let n = v.indexOf(e);
			if ((t.ctrlKey || t.metaKey) != ce.isolate) {
				let e = v.some((e, t) => t > 0 && t != n && e.show);
				v.forEach((t, r) => {
					r > 0 && K(r, e ? r == n ? ye : N : ye, !0, Zn.setSeries);
				});
			} else K(n, { show: !e.show }, !0, Zn.setSeries);
		}, !1), qe && Se(Yu, o, (t) => {
			A._lock || (Ge(t), K(v.indexOf(e), bn, !0, Zn.setSeries));
		}, !1)), he) {
			let e = fd("td", Lu, a);
			e.textContent = "--", n.push(e);
		}
		return [a, n];
	}
	let xe = /* @__PURE__ */ new Map();
	function Se(e, t, n, i = !0) {
		let a = xe.get(t) || {}, o = A.bind[e](r, t, n, i);
		o && (Sd(e, t, a[e] = o), xe.set(t, a));
	}
	function Ce(e, t, n) {
		let r = xe.get(t) || {};
		for (let n in r) (e == null || n == e) && (Cd(n, t, r[n]), delete r[n]);
		e ?? xe.delete(t);
	}
	let we = 0, Te = 0, P = 0, F = 0, Ee = 0, De = 0, Oe = Ee, ke = De, Ae = P, je = F, I = 0, Me = 0, L = 0, Ne = 0;
	r.bbox = {};
	let R = !1, Pe = !1, Fe = !1, Ie = !1, Le = !1, Re = !1;
	function ze(e, t, n) {
		(n || e != r.width || t != r.height) && Be(e, t), Bt(!1), Fe = !0, Pe = !0, Gt();
	}
	function Be(e, t) {
		r.width = we = P = e, r.height = Te = F = t, Ee = De = 0, Ue(), We();
		let n = r.bbox;
		I = n.left = hf(Ee * Y, .5), Me = n.top = hf(De * Y, .5), L = n.width = hf(P * Y, .5), Ne = n.height = hf(F * Y, .5);
	}
	function Ve() {
		let e = !1, t = 0;
		for (; !e;) {
			t++;
			let n = Lt(t), i = Rt(t);
			e = t == 3 || n && i, e || (Be(r.width, r.height), Pe = !0);
		}
	}
	function He({ width: e, height: t }) {
		ze(e, t);
	}
	r.setSize = He;
	function Ue() {
		let e = !1, t = !1, n = !1, r = !1;
		y.forEach((i, a) => {
			if (i.show && i._show) {
				let { side: a, _size: o } = i, s = a % 2, c = o + (i.label == null ? 0 : i.labelSize);
				c > 0 && (s ? (P -= c, a == 3 ? (Ee += c, r = !0) : n = !0) : (F -= c, a == 0 ? (De += c, e = !0) : t = !0));
			}
		}), tt[0] = e, tt[1] = n, tt[2] = t, tt[3] = r, P -= at[1] + at[3], Ee += at[3], F -= at[2] + at[0], De += at[0];
	}
	function We() {
		let e = Ee + P, t = De + F, n = Ee, r = De;
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
			let c = o, l = r(e, a, o, s) ?? nf, u = l >= 0 && l < nf, d = D.ori == 0 ? P : F, f = A.left, p = t[0], m = t[a];
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
			} else u && Wd(f - ee(p[o], D, d, 0)) > l && (c = null);
			return c;
		};
	}
	let Ge = (e) => {
		A.event = e;
	};
	A.idxs = se, A._lock = !1;
	let Ke = A.points;
	Ke.show = Z(Ke.show), Ke.size = Z(Ke.size), Ke.stroke = Z(Ke.stroke), Ke.width = Z(Ke.width), Ke.fill = Z(Ke.fill);
	let z = r.focus = Nf({}, e.focus || { alpha: .3 }, A.focus), qe = z.prox >= 0, Je = qe && Ke.one, Ye = [], Xe = [], B = [];
	function Ze(e, t) {
		let n = Ke.show(r, t);
		if (n instanceof HTMLElement) return ld(n, Au), ld(n, e.class), hd(n, -10, -10, P, F), m.insertBefore(n, Ye[t]), n;
	}
	function Qe(e, t) {
		if (i == 1 || t > 0) {
			let t = i == 1 && b[e.scale].time, n = e.value;
			e.value = t ? Df(n) ? kp(ne, Dp(n, re)) : n || oe : n || um, e.label = e.label || (t ? Zp : Xp);
		}
		if (Je || t > 0) {
			e.width = e.width == null ? 1 : e.width, e.paths = e.paths || rh || uf, e.fillTo = Z(e.fillTo || Dm), e.pxAlign = +X(e.pxAlign, h), e.pxRound = Mm(e.pxAlign), e.stroke = Z(e.stroke || null), e.fill = Z(e.fill || null), e._stroke = e._fill = e._paths = e._focus = null;
			let t = fm(Yd(1, e.width), 1), n = e.points = Nf({}, {
				size: t,
				width: Yd(1, t * .2),
				stroke: e.stroke,
				space: t * 2,
				paths: ih,
				_stroke: null,
				_fill: null
			}, e.points);
			n.show = Z(n.show), n.filter = Z(n.filter), n.fill = Z(n.fill), n.stroke = Z(n.stroke), n.paths = Z(n.paths), n.pxAlign = e.pxAlign;
		}
		if (le) {
			let n = be(e, t);
			pe.splice(t, 0, n[0]), me.splice(t, 0, n[1]), ce.values.push(null);
		}
		if (j) {
			se.splice(t, 0, null);
			let n = null;
			Je ? t == 0 && (n = Ze(e, t)) : t > 0 && (n = Ze(e, t)), Ye.splice(t, 0, n), Xe.splice(t, 0, 0), B.splice(t, 0, 0);
		}
		Yn("addSeries", t);
	}
	function $e(e, t) {
		t ??= v.length, e = i == 1 ? sh(e, t, Qp, _m) : sh(e, t, {}, gm), v.splice(t, 0, e), Qe(v[t], t);
	}
	r.addSeries = $e;
	function et(e) {
		if (v.splice(e, 1), le) {
			ce.values.splice(e, 1), me.splice(e, 1);
			let t = pe.splice(e, 1)[0];
			Ce(null, t.firstChild), t.remove();
		}
		j && (se.splice(e, 1), Ye.splice(e, 1)[0].remove(), Xe.splice(e, 1), B.splice(e, 1)), Yn("delSeries", e);
	}
	r.delSeries = et;
	let tt = [
		!1,
		!1,
		!1,
		!1
	];
	function nt(e, t) {
		if (e._show = e.show, e.show) {
			let n = e.side % 2, i = b[e.scale];
			i ??= (e.scale = n ? v[1].scale : S, b[e.scale]);
			let a = i.time;
			e.size = Z(e.size), e.space = Z(e.space), e.rotate = Z(e.rotate), wf(e.incrs) && e.incrs.forEach((e) => {
				!vf.has(e) && vf.set(e, yf(e));
			}), e.incrs = Z(e.incrs || (i.distr == 2 ? ip : a ? _ == 1 ? _p : bp : ap)), e.splits = Z(e.splits || (a && i.distr == 1 ? ie : i.distr == 3 ? tm : i.distr == 4 ? nm : em)), e.stroke = Z(e.stroke), e.grid.stroke = Z(e.grid.stroke), e.ticks.stroke = Z(e.ticks.stroke), e.border.stroke = Z(e.border.stroke);
			let o = e.values;
			e.values = wf(o) && !wf(o[0]) ? Z(o) : a ? wf(o) ? wp(ne, Cp(o, re)) : Df(o) ? Tp(ne, o) : o || ae : o || $p, e.filter = Z(e.filter || (i.distr >= 3 && i.log == 10 ? cm : i.distr == 3 && i.log == 2 ? lm : lf)), e.font = gh(e.font), e.labelFont = gh(e.labelFont), e._size = e.size(r, null, t, 0), e._space = e._rotate = e._incrs = e._found = e._splits = e._values = null, e._size > 0 && (tt[t] = !0, e._el = pd(Tu, f));
		}
	}
	function rt(e, t, n, r) {
		let [i, a, o, s] = n, c = t % 2, l = 0;
		return c == 0 && (s || a) && (l = t == 0 && !i || t == 2 && !o ? Kd(Yp.size / 3) : 0), c == 1 && (i || o) && (l = t == 1 && !a || t == 3 && !s ? Kd(dm.size / 2) : 0), l;
	}
	let it = r.padding = (e.padding || [
		rt,
		rt,
		rt,
		rt
	]).map((e) => Z(X(e, rt))), at = r._padding = it.map((e, t) => e(r, t, tt, 0)), V, H = null, ot = null, st = i == 1 ? v[0].idxs : null, ct = null, lt = !1;
	function ut(e, n) {
		if (t = e ?? [], r.data = r._data = t, i == 2) {
			V = 0;
			for (let e = 1; e < v.length; e++) V += t[e][0].length;
		} else {
			t.length == 0 && (r.data = r._data = t = [[]]), ct = t[0], V = ct.length;
			let e = t;
			if (O == 2) {
				e = t.slice();
				let n = e[0] = Array(V);
				for (let e = 0; e < V; e++) n[e] = e;
			}
			r._data = t = e;
		}
		if (Bt(!0), Yn("setData"), O == 2 && (Fe = !0), n !== !1) {
			let e = D;
			e.auto(r, lt) ? dt() : pn(S, e.min, e.max), Ie ||= A.left >= 0, Re = !0, Gt();
		}
	}
	r.setData = ut;
	function dt() {
		lt = !0;
		let e, n;
		i == 1 && (V > 0 ? (H = st[0] = 0, ot = st[1] = V - 1, e = t[0][H], n = t[0][ot], O == 2 ? (e = H, n = ot) : e == n && (O == 3 ? [e, n] = jd(e, e, D.log, !1) : O == 4 ? [e, n] = Md(e, e, D.log, !1) : D.time ? n = e + Kd(86400 / _) : [e, n] = Ld(e, n, Nd, !0))) : (H = st[0] = e = null, ot = st[1] = n = null)), pn(S, e, n);
	}
	let ft, pt, mt, ht, gt, _t, vt, yt, bt, xt;
	function St(e, t, n, r, i, a) {
		e ??= Gu, n ??= Sf, r ??= "butt", i ??= Gu, a ??= "round", e != ft && (d.strokeStyle = ft = e), i != pt && (d.fillStyle = pt = i), t != mt && (d.lineWidth = mt = t), a != gt && (d.lineJoin = gt = a), r != _t && (d.lineCap = _t = r), n != ht && d.setLineDash(ht = n);
	}
	function Ct(e, t, n, r) {
		t != pt && (d.fillStyle = pt = t), e != vt && (d.font = vt = e), n != yt && (d.textAlign = yt = n), r != bt && (d.textBaseline = bt = r);
	}
	function wt(e, t, n, i, a = 0) {
		if (i.length > 0 && e.auto(r, lt) && (t == null || t.min == null)) {
			let t = X(H, 0), r = X(ot, i.length - 1), o = n.min == null ? Ad(i, t, r, a, e.distr == 3) : [n.min, n.max];
			e.min = Jd(e.min, n.min = o[0]), e.max = Yd(e.max, n.max = o[1]);
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
				let a = e[t] = Mf(b[t], kf);
				if (n.min != null) Nf(a, n);
				else if (t != S || i == 2) {
					if (V == 0 && a.from == null) {
						let e = a.range(r, null, null, t);
						a.min = e[0], a.max = e[1];
					} else a.min = nf, a.max = -Infinity;
				}
			}
		}
		if (V > 0) {
			v.forEach((n, a) => {
				if (i == 1) {
					let i = n.scale, o = k[i];
					if (o == null) return;
					let s = e[i];
					if (a == 0) {
						let e = s.range(r, s.min, s.max, i);
						s.min = e[0], s.max = e[1], H = wd(s.min, t[0]), ot = wd(s.max, t[0]), ot - H > 1 && (t[0][H] < s.min && H++, t[0][ot] > s.max && ot--), n.min = ct[H], n.max = ct[ot];
					} else n.show && n.auto && wt(s, o, n, t[a], n.sorted);
					n.idxs[0] = H, n.idxs[1] = ot;
				} else if (a > 0 && n.show && n.auto) {
					let [r, i] = n.facets, o = r.scale, s = i.scale, [c, l] = t[a], u = e[o], d = e[s];
					u != null && wt(u, k[o], r, c, r.sorted), d != null && wt(d, k[s], i, l, i.sorted), n.min = i.min, n.max = i.max;
				}
			});
			for (let t in e) {
				let n = e[t], i = k[t];
				if (n.from == null && (i == null || i.min == null)) {
					let e = n.range(r, n.min == nf ? null : n.min, n.max == -Infinity ? null : n.max, t);
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
				i._min = e == 3 ? Qd(i.min) : e == 4 ? tf(i.min, i.asinh) : e == 100 ? i.fwd(i.min) : i.min, i._max = e == 3 ? Qd(i.max) : e == 4 ? tf(i.max, i.asinh) : e == 100 ? i.fwd(i.max) : i.max, n[t] = a = !0;
			}
		}
		if (a) {
			v.forEach((e, t) => {
				i == 2 ? t > 0 && n.y && (e._paths = null) : n[e.scale] && (e._paths = null);
			});
			for (let e in n) Fe = !0, Yn("setScale", e);
			j && A.left >= 0 && (Ie = Re = !0);
		}
		for (let e in k) k[e] = null;
	}
	function Dt(e) {
		let t = af(H - 1, 0, V - 1), n = af(ot + 1, 0, V - 1);
		for (; e[t] == null && t > 0;) t--;
		for (; e[n] == null && n < V - 1;) n++;
		return [t, n];
	}
	function Ot() {
		if (V > 0) {
			let e = v.some((e) => e._focus) && xt != z.alpha;
			e && (d.globalAlpha = xt = z.alpha), v.forEach((e, n) => {
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
						let n = e._paths == null ? null : e._paths.gaps, i = e.points.show(r, t, H, ot, n), a = e.points.filter(r, t, i, n);
						(i || a) && (e.points._paths = e.points.paths(r, t, H, ot, a), At(t, !0));
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
		l = Q(l * Y, 3);
		let u = null, f = l % 2 / 2;
		t && c == null && (c = l > 0 ? "#fff" : s);
		let p = n.pxAlign == 1 && f > 0;
		if (p && d.translate(f, f), !t) {
			let e = I - l / 2, t = Me - l / 2, n = L + l, r = Ne + l;
			u = new Path2D(), u.rect(e, t, n, r);
		}
		t ? Mt(s, l, n.dash, n.cap, c, r, i, o, a) : jt(e, s, l, n.dash, n.cap, c, r, i, o, u, a), p && d.translate(-f, -f);
	}
	function jt(e, n, i, a, o, s, c, l, u, d, f) {
		let p = !1;
		u != 0 && x.forEach((m, h) => {
			if (m.series[0] == e) {
				let e = v[m.series[1]], g = t[m.series[1]], _ = (e._paths || xf).band;
				wf(_) && (_ = m.dir == 1 ? _[0] : _[1]);
				let y, b = null;
				e.show && _ && Rd(g, H, ot) ? (b = m.fill(r, h) || s, y = e._paths.clip) : _ = null, Mt(n, i, a, o, b, c, l, u, d, f, y, _), p = !0;
			}
		}), p || Mt(n, i, a, o, s, c, l, u, d, f);
	}
	function Mt(e, t, n, r, i, a, o, s, c, l, u, f) {
		St(e, t, n, r, i), (c || l || f) && (d.save(), c && d.clip(c), l && d.clip(l)), f ? (s & 3) == 3 ? (d.clip(f), u && d.clip(u), Pt(i, o), Nt(e, a, t)) : s & wm ? (Pt(i, o), d.clip(f), Nt(e, a, t)) : s & Cm && (d.save(), d.clip(f), u && d.clip(u), Pt(i, o), d.restore(), Nt(e, a, t)) : (Pt(i, o), Nt(e, a, t)), (c || l || f) && d.restore();
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
			o = hh(t, n, a._incrs = a.incrs(r, e, t, n, i, s), i, s);
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
			let o = n.side, s = o % 2, { min: c, max: l } = a, [u, d] = Ft(i, c, l, s == 0 ? P : F);
			if (d == 0) return;
			let f = a.distr == 2, p = n._splits = n.splits(r, i, c, l, u, d, f), m = a.distr == 2 ? p.map((e) => ct[e]) : p, h = a.distr == 2 ? ct[p[1]] - ct[p[0]] : u, g = n._values = n.values(r, n.filter(r, m, i, d, h), i, d, h);
			n._rotate = o == 2 ? n.rotate(r, g, i, d) : 0;
			let _ = n._size;
			n._size = qd(n.size(r, g, i, e)), _ != null && n._size != _ && (t = !1);
		}), t;
	}
	function Rt(e) {
		let t = !0;
		return it.forEach((n, i) => {
			let a = n(r, i, tt, e);
			a != at[i] && (t = !1), at[i] = a;
		}), t;
	}
	function zt() {
		for (let e = 0; e < y.length; e++) {
			let t = y[e];
			if (!t.show || !t._show) continue;
			let n = t.side, i = n % 2, a, o, c = t.stroke(r, e), l = n == 0 || n == 3 ? -1 : 1, [u, f] = t._found;
			if (t.label != null) {
				let s = t.labelGap * l, p = Kd((t._lpos + s) * Y);
				Ct(t.labelFont[0], c, "center", n == 2 ? Bu : Vu), d.save(), i == 1 ? (a = o = 0, d.translate(p, Kd(Me + Ne / 2)), d.rotate((n == 3 ? -Ud : Ud) / 2)) : (a = Kd(I + L / 2), o = p);
				let m = of(t.label) ? t.label(r, e, u, f) : t.label;
				d.fillText(m, a, o), d.restore();
			}
			if (f == 0) continue;
			let p = b[t.scale], m = i == 0 ? L : Ne, h = i == 0 ? I : Me, _ = t._splits, v = p.distr == 2 ? _.map((e) => ct[e]) : _, x = p.distr == 2 ? ct[_[1]] - ct[_[0]] : u, S = t.ticks, C = t.border, w = S.show ? S.size : 0, T = Kd(w * Y), E = Kd((t.alignTo == 2 ? t._size - w - t.gap : t.gap) * Y), D = t._rotate * -Ud / 180, O = g(t._pos * Y), ee = O + (T + E) * l;
			o = i == 0 ? ee : 0, a = i == 1 ? ee : 0;
			let te = t.font[0];
			Ct(te, c, t.align == 1 ? Hu : t.align == 2 ? Uu : D > 0 ? Hu : D < 0 ? Uu : i == 0 ? "center" : n == 3 ? Uu : Hu, D || i == 1 ? "middle" : n == 2 ? Bu : Vu);
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
			S.show && It(ne, S.filter(r, v, e, f, x), i, n, O, T, Q(S.width * Y, 3), S.stroke(r, e), S.dash, S.cap);
			let ie = t.grid;
			ie.show && It(ne, ie.filter(r, v, e, f, x), i, i == 0 ? 2 : 1, i == 0 ? Me : I, i == 0 ? Ne : L, Q(ie.width * Y, 3), ie.stroke(r, e), ie.dash, ie.cap), C.show && It([O], [1], +(i == 0), i == 0 ? 1 : 2, i == 1 ? Me : I, i == 1 ? Ne : L, Q(C.width * Y, 3), C.stroke(r, e), C.dash, C.cap);
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
		Vt ||= (zf(qt), !0);
	}
	function Kt(e, t = !1) {
		Vt = !0, Ht = t, e(r), qt(), t && Ut.length > 0 && queueMicrotask(Wt);
	}
	r.batch = Kt;
	function qt() {
		if (R &&= (Et(), !1), Fe &&= (Ve(), !1), Pe) {
			if (dd(p, Hu, Ee), dd(p, Bu, De), dd(p, Ru, P), dd(p, zu, F), dd(m, Hu, Ee), dd(m, Bu, De), dd(m, Ru, P), dd(m, zu, F), dd(f, Ru, we), dd(f, zu, Te), u.width = Kd(we * Y), u.height = Kd(Te * Y), y.forEach(({ _el: e, _show: t, _size: n, _pos: r, side: i }) => {
				if (e != null) {
					if (t) {
						let t = i === 3 || i === 0 ? n : 0, a = i % 2 == 1;
						dd(e, a ? "left" : "top", r - t), dd(e, a ? "width" : "height", n), dd(e, a ? "top" : "left", a ? De : Ee), dd(e, a ? "height" : "width", a ? F : P), ud(e, Eu);
					} else ld(e, Eu);
				}
			}), ft = pt = mt = gt = _t = vt = yt = bt = ht = null, xt = 1, Nn(!0), Ee != Oe || De != ke || P != Ae || F != je) {
				Bt(!1);
				let e = P / Ae, t = F / je;
				if (j && !Ie && A.left >= 0) {
					A.left *= e, A.top *= t, Zt && hd(Zt, Kd(A.left), 0, P, F), Qt && hd(Qt, 0, Kd(A.top), P, F);
					for (let n = 0; n < Ye.length; n++) {
						let r = Ye[n];
						r != null && (Xe[n] *= e, B[n] *= t, hd(r, qd(Xe[n]), qd(B[n]), P, F));
					}
				}
				if (G.show && !Le && G.left >= 0 && G.width > 0) {
					G.left *= e, G.width *= e, G.top *= t, G.height *= t;
					for (let e in In) dd(un, e, G[e]);
				}
				Oe = Ee, ke = De, Ae = P, je = F;
			}
			Yn("setSize"), Pe = !1;
		}
		we > 0 && Te > 0 && (d.clearRect(0, 0, u.width, u.height), Yn("drawClear"), w.forEach((e) => e()), Yn("draw")), G.show && Le && (dn(G), Le = !1), j && Ie && (jn(null, !0, !1), Ie = !1), ce.show && ce.live && Re && (kn(), Re = !1), c || (c = !0, r.status = 1, Yn("ready")), lt = !1, Vt = !1;
	}
	r.redraw = (e, t) => {
		Fe = t || !1, e === !1 ? Gt() : pn(S, D.min, D.max);
	};
	function Jt(e, n) {
		let i = b[e];
		if (i.from == null) {
			if (V == 0) {
				let t = i.range(r, n.min, n.max, e);
				n.min = t[0], n.max = t[1];
			}
			if (n.min > n.max) {
				let e = n.min;
				n.min = n.max, n.max = e;
			}
			if (V > 1 && n.min != null && n.max != null && n.max - n.min < 1e-16) return;
			e == S && i.distr == 2 && V > 0 && (n.min = wd(n.min, t[0]), n.max = wd(n.max, t[0]), n.min == n.max && n.max++), k[e] = n, R = !0, Gt();
		}
	}
	r.setScale = Jt;
	let Yt, Xt, Zt, Qt, $t, en, tn, nn, rn, an, U, W, on = !1, sn = A.drag, cn = sn.x, ln = sn.y;
	j && (A.x && (Yt = pd(Ou, m)), A.y && (Xt = pd(ku, m)), D.ori == 0 ? (Zt = Yt, Qt = Xt) : (Zt = Xt, Qt = Yt), U = A.left, W = A.top);
	let G = r.select = Nf({
		show: !0,
		over: !0,
		left: 0,
		width: 0,
		top: 0,
		height: 0
	}, e.select), un = G.show ? pd(Du, G.over ? m : p) : null;
	function dn(e, t) {
		if (G.show) {
			for (let t in e) G[t] = e[t], t in In && dd(un, t, e[t]);
			t !== !1 && Yn("setSelect");
		}
	}
	r.setSelect = dn;
	function fn(e) {
		if (v[e].show) le && ud(pe[e], Eu);
		else if (le && ld(pe[e], Eu), j) {
			let t = Je ? Ye[0] : Ye[e];
			t != null && hd(t, -10, -10, P, F);
		}
	}
	function pn(e, t, n) {
		Jt(e, {
			min: t,
			max: n
		});
	}
	function K(e, t, n, a) {
		t.focus != null && xn(e), t.show != null && v.forEach((n, r) => {
			r > 0 && (e == r || e == null) && (n.show = t.show, fn(r), i == 2 ? (pn(n.facets[0].scale, null, null), pn(n.facets[1].scale, null, null)) : pn(n.scale, null, null), Gt());
		}), n !== !1 && Yn("setSeries", e, t), a && er("setSeries", r, e, t);
	}
	r.setSeries = K;
	function mn(e, t) {
		Nf(x[e], t);
	}
	function hn(e, t) {
		e.fill = Z(e.fill || null), e.dir = X(e.dir, -1), t ??= x.length, x.splice(t, 0, e);
	}
	function gn(e) {
		e == null ? x.length = 0 : x.splice(e, 1);
	}
	r.addBand = hn, r.setBand = mn, r.delBand = gn;
	function _n(e, t) {
		v[e].alpha = t, j && Ye[e] != null && (Ye[e].style.opacity = t), le && pe[e] && (pe[e].style.opacity = t);
	}
	let vn, yn, q, bn = { focus: !0 };
	function xn(e) {
		if (e != q) {
			let t = e == null, n = z.alpha != 1;
			v.forEach((r, a) => {
				if (i == 1 || a > 0) {
					let i = t || a == 0 || a == e;
					r._focus = t ? null : i, n && _n(a, i ? 1 : z.alpha);
				}
			}), q = e, n && Gt();
		}
	}
	le && qe && Se(Xu, ue, (e) => {
		A._lock || (Ge(e), q != null && K(null, bn, !0, Zn.setSeries));
	});
	function Sn(e, t, n) {
		let r = b[t];
		n && (e = e / Y - (r.ori == 1 ? De : Ee));
		let i = P;
		r.ori == 1 && (i = F, e = i - e), r.dir == -1 && (e = i - e);
		let a = r._min, o = r._max, s = e / i, c = a + (o - a) * s, l = r.distr;
		return l == 3 ? Xd(10, c) : l == 4 ? ef(c, r.asinh) : l == 100 ? r.bwd(c) : c;
	}
	function Cn(e, n) {
		return wd(Sn(e, S, n), t[0], H, ot);
	}
	r.valToIdx = (e) => wd(e, t[0]), r.posToIdx = Cn, r.posToVal = Sn, r.valToPos = (e, t, n) => b[t].ori == 0 ? a(e, b[t], n ? L : P, n ? I : 0) : o(e, b[t], n ? Ne : F, n ? Me : 0), r.setCursor = (e, t, n) => {
		U = e.left, W = e.top, jn(null, t, n);
	};
	function wn(e, t) {
		dd(un, Hu, G.left = e), dd(un, Ru, G.width = t);
	}
	function Tn(e, t) {
		dd(un, Bu, G.top = e), dd(un, zu, G.height = t);
	}
	let En = D.ori == 0 ? wn : Tn, Dn = D.ori == 1 ? wn : Tn;
	function On() {
		if (le && ce.live) for (let e = +(i == 2); e < v.length; e++) {
			if (e == 0 && ge) continue;
			let t = ce.values[e], n = 0;
			for (let r in t) me[e][n++].firstChild.nodeValue = t[r];
		}
	}
	function kn(e, t) {
		if (e != null && (e.idxs ? e.idxs.forEach((e, t) => {
			se[t] = e;
		}) : Ef(e.idx) || se.fill(e.idx), ce.idx = se[0]), le && ce.live) {
			for (let e = 0; e < v.length; e++) (e > 0 || i == 1 && !ge) && An(e, se[e]);
			On();
		}
		Re = !1, t !== !1 && Yn("setLegend");
	}
	r.setLegend = kn;
	function An(e, n) {
		let i = v[e], a = e == 0 && O == 2 ? ct : t[e], o;
		ge ? o = i.values(r, e, n) ?? _e : (o = i.value(r, n == null ? null : a[n], e, n), o = o == null ? _e : { _: o }), ce.values[e] = o;
	}
	function jn(e, n, a) {
		rn = U, an = W, [U, W] = A.move(r, U, W), A.left = U, A.top = W, j && (Zt && hd(Zt, Kd(U), 0, P, F), Qt && hd(Qt, 0, Kd(W), P, F));
		let o, s = H > ot;
		vn = nf, yn = null;
		let c = D.ori == 0 ? P : F, l = D.ori == 1 ? P : F;
		if (U < 0 || V == 0 || s) {
			o = A.idx = null;
			for (let e = 0; e < v.length; e++) {
				let t = Ye[e];
				t != null && hd(t, -10, -10, P, F);
			}
			qe && K(null, bn, !0, e == null && Zn.setSeries), ce.live && (se.fill(o), Re = !0);
		} else {
			let e, n, a;
			i == 1 && (e = D.ori == 0 ? U : W, n = Sn(e, S), o = A.idx = wd(n, t[0], H, ot), a = ee(t[0][o], D, c, 0));
			let s = -10, u = -10, d = 0, f = 0, p = !0, m = "", h = "";
			for (let e = +(i == 2); e < v.length; e++) {
				let g = v[e], _ = se[e], y = _ == null ? null : i == 1 ? t[e][_] : t[e][1][_], x = A.dataIdx(r, e, o, n), S = x == null ? null : i == 1 ? t[e][x] : t[e][1][x];
				if (Re = Re || S != y || x != _, se[e] = x, e > 0 && g.show) {
					let n = x == null ? -10 : x == o ? a : ee(i == 1 ? t[0][x] : t[e][0][x], D, c, 0), _ = S == null ? -10 : te(S, i == 1 ? b[g.scale] : b[g.facets[1].scale], l, 0);
					if (qe && S != null) {
						let t = D.ori == 1 ? U : W, n = Wd(z.dist(r, e, x, _, t));
						if (n < vn) {
							let r = z.bias;
							if (r != 0) {
								let i = Sn(t, g.scale), a = S >= 0 ? 1 : -1, o = i >= 0 ? 1 : -1;
								o == a && (o == 1 ? r == 1 ? S >= i : S <= i : r == 1 ? S <= i : S >= i) && (vn = n, yn = e);
							} else vn = n, yn = e;
						}
					}
					if (Re || Je) {
						let t, i;
						D.ori == 0 ? (t = n, i = _) : (t = _, i = n);
						let a, o, c, l, g, v, y = !0, b = Ke.bbox;
						if (b != null) {
							y = !1;
							let t = b(r, e);
							c = t.left, l = t.top, a = t.width, o = t.height;
						} else c = t, l = i, a = o = Ke.size(r, e);
						if (v = Ke.fill(r, e), g = Ke.stroke(r, e), Je) e == yn && vn <= z.prox && (s = c, u = l, d = a, f = o, p = y, m = v, h = g);
						else {
							let t = Ye[e];
							t != null && (Xe[e] = c, B[e] = l, yd(t, a, o, y), _d(t, v, g), hd(t, qd(c), qd(l), P, F));
						}
					}
				}
			}
			if (Je) {
				let e = z.prox;
				if (Re || (q == null ? vn <= e : vn > e || yn != q)) {
					let e = Ye[0];
					e != null && (Xe[0] = s, B[0] = u, yd(e, d, f, p), _d(e, m, h), hd(e, qd(s), qd(u), P, F));
				}
			}
		}
		if (G.show && on) {
			if (e != null) {
				let [t, n] = Zn.scales, [r, i] = Zn.match, [a, o] = e.cursor.sync.scales, s = e.cursor.drag;
				if (cn = s._x, ln = s._y, cn || ln) {
					let { left: s, top: u, width: d, height: f } = e.select, p = e.scales[a].ori, m = e.posToVal, h, g, _, v, y, x = t != null && r(t, a), S = n != null && i(n, o);
					x && cn ? (p == 0 ? (h = s, g = d) : (h = u, g = f), _ = b[t], v = ee(m(h, a), _, c, 0), y = ee(m(h + g, a), _, c, 0), En(Jd(v, y), Wd(y - v))) : En(0, c), S && ln ? (p == 1 ? (h = s, g = d) : (h = u, g = f), _ = b[n], v = te(m(h, o), _, l, 0), y = te(m(h + g, o), _, l, 0), Dn(Jd(v, y), Wd(y - v))) : Dn(0, l);
				} else Ln();
			} else {
				let e = Wd(rn - $t), t = Wd(an - en);
				if (D.ori == 1) {
					let n = e;
					e = t, t = n;
				}
				cn = sn.x && e >= sn.dist, ln = sn.y && t >= sn.dist;
				let n = sn.uni;
				n == null ? sn.x && sn.y && (cn || ln) && (cn = ln = !0) : cn && ln && (cn = e >= n, ln = t >= n, !cn && !ln && (t > e ? ln = !0 : cn = !0));
				let r, i;
				cn && (D.ori == 0 ? (r = tn, i = U) : (r = nn, i = W), En(Jd(r, i), Wd(i - r)), ln || Dn(0, l)), ln && (D.ori == 1 ? (r = tn, i = U) : (r = nn, i = W), Dn(Jd(r, i), Wd(i - r)), cn || En(0, c)), !cn && !ln && (En(0, 0), Dn(0, 0));
			}
		}
		if (sn._x = cn, sn._y = ln, e == null) {
			if (a) {
				if (Qn != null) {
					let [e, t] = Zn.scales;
					Zn.values[0] = e == null ? null : Sn(D.ori == 0 ? U : W, e), Zn.values[1] = t == null ? null : Sn(D.ori == 1 ? U : W, t);
				}
				er(Ku, r, U, W, P, F, o);
			}
			if (qe) {
				let e = a && Zn.setSeries, t = z.prox;
				q == null ? vn <= t && K(yn, bn, !0, e) : vn > t ? K(null, bn, !0, e) : yn != q && K(yn, bn, !0, e);
			}
		}
		Re && (ce.idx = o, kn()), n !== !1 && Yn("setCursor");
	}
	let Mn = null;
	Object.defineProperty(r, "rect", { get() {
		return Mn ?? Nn(!1), Mn;
	} });
	function Nn(e = !1) {
		e ? Mn = null : (Mn = m.getBoundingClientRect(), Yn("syncRect", Mn));
	}
	function Pn(e, t, n, r, i, a, o) {
		A._lock || on && e != null && e.movementX == 0 && e.movementY == 0 || (Fn(e, t, n, r, i, a, o, !1, e != null), e == null ? jn(t, !0, !1) : jn(null, !0, !0));
	}
	function Fn(e, t, n, i, a, o, c, l, u) {
		if (Mn ?? Nn(!1), Ge(e), e != null) n = e.clientX - Mn.left, i = e.clientY - Mn.top;
		else {
			if (n < 0 || i < 0) {
				U = -10, W = -10;
				return;
			}
			let [e, r] = Zn.scales, c = t.cursor.sync, [l, u] = c.values, [d, f] = c.scales, [p, m] = Zn.match, h = t.axes[0].side % 2 == 1, g = D.ori == 0 ? P : F, _ = D.ori == 1 ? P : F, v = h ? o : a, y = h ? a : o, x = h ? i : n, S = h ? n : i;
			if (n = d == null ? x / v * g : p(e, d) ? s(l, b[e], g, 0) : -10, i = f == null ? S / y * _ : m(r, f) ? s(u, b[r], _, 0) : -10, D.ori == 1) {
				let e = n;
				n = i, i = e;
			}
		}
		u && (t == null || t.cursor.event.type == Ku) && ((n <= 1 || n >= P - 1) && (n = hf(n, P)), (i <= 1 || i >= F - 1) && (i = hf(i, F))), l ? ($t = n, en = i, [tn, nn] = A.move(r, n, i)) : (U = n, W = i);
	}
	let In = {
		width: 0,
		height: 0,
		left: 0,
		top: 0
	};
	function Ln() {
		dn(In, !1);
	}
	let Rn, zn, Bn, Vn;
	function Hn(e, t, n, i, a, o, s) {
		on = !0, cn = ln = sn._x = sn._y = !1, Fn(e, t, n, i, a, o, s, !0, !1), e != null && (Se(Ju, id, Un, !1), er(qu, r, tn, nn, P, F, null));
		let { left: c, top: l, width: u, height: d } = G;
		Rn = c, zn = l, Bn = u, Vn = d;
	}
	function Un(e, t, n, i, a, o, s) {
		on = sn._x = sn._y = !1, Fn(e, t, n, i, a, o, s, !1, !0);
		let { left: c, top: l, width: u, height: d } = G, f = u > 0 || d > 0, p = Rn != c || zn != l || Bn != u || Vn != d;
		if (f && p && dn(G), sn.setScale && f && p) {
			let e = c, t = u, n = l, r = d;
			if (D.ori == 1 && (e = l, t = d, n = c, r = u), cn && pn(S, Sn(e, S), Sn(e + t, S)), ln) for (let e in b) {
				let t = b[e];
				e != S && t.from == null && t.min != nf && pn(e, Sn(n + r, e), Sn(n, e));
			}
			Ln();
		} else A.lock && (A._lock = !A._lock, jn(t, !0, e != null));
		e != null && (Ce(Ju, id), er(Ju, r, U, W, P, F, null));
	}
	function Wn(e, t, n, r, i, a, o) {
		if (A._lock) return;
		Ge(e);
		let s = on;
		if (on) {
			let e = !0, t = !0, n, r;
			D.ori == 0 ? (n = cn, r = ln) : (n = ln, r = cn), n && r && (e = U <= 10 || U >= P - 10, t = W <= 10 || W >= F - 10), n && e && (U = U < tn ? 0 : P), r && t && (W = W < nn ? 0 : F), jn(null, !0, !0), on = !1;
		}
		U = -10, W = -10, se.fill(null), jn(null, !0, !0), s && (on = s);
	}
	function Gn(e, t, n, i, a, o, s) {
		A._lock || (Ge(e), dt(), Ln(), e != null && er(Zu, r, U, W, P, F, null));
	}
	function Kn() {
		y.forEach(_h), ze(r.width, r.height, !0);
	}
	Sd(td, ad, Kn);
	let qn = {};
	qn.mousedown = Hn, qn.mousemove = Pn, qn.mouseup = Un, qn.dblclick = Gn, qn.setSeries = (e, t, n, i) => {
		let a = Zn.match[2];
		n = a(r, t, n), n != -1 && K(n, i, !0, !1);
	}, j && (Se(qu, m, Hn), Se(Ku, m, Pn), Se(Yu, m, (e) => {
		Ge(e), Nn(!1);
	}), Se(Xu, m, Wn), Se(Zu, m, Gn), th.add(r), r.syncRect = Nn);
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
	let Xn = (e, t, n) => n, Zn = Nf({
		key: null,
		setSeries: !1,
		filters: {
			pub: df,
			sub: df
		},
		scales: [S, v[1] ? v[1].scale : null],
		match: [
			ff,
			ff,
			Xn
		],
		values: [null, null]
	}, A.sync);
	Zn.match.length == 2 && Zn.match.push(Xn), A.sync = Zn;
	let Qn = Zn.key, $n = Sm(Qn);
	function er(e, t, n, r, i, a, o) {
		Zn.filters.pub(e, t, n, r, i, a, o) && $n.pub(e, t, n, r, i, a, o);
	}
	$n.sub(r);
	function tr(e, t, n, r, i, a, o) {
		Zn.filters.sub(e, t, n, r, i, a, o) && qn[e](null, t, n, r, i, a, o);
	}
	r.pub = tr;
	function nr() {
		$n.unsub(r), th.delete(r), xe.clear(), Cd(td, ad, Kn), l.remove(), ue?.remove(), Yn("destroy");
	}
	r.destroy = nr;
	function rr() {
		Yn("init", e, t), ut(t || e.data, !1), k[S] ? Jt(S, k[S]) : dt(), Le = G.show && (G.width > 0 || G.height > 0), Ie = Re = !0, ze(e.width, e.height);
	}
	return v.forEach(Qe), y.forEach(nt), n ? n instanceof HTMLElement ? (n.appendChild(l), rr()) : n(r, rr) : rr(), r;
}
vh.assign = Nf, vh.fmtNum = Vd, vh.rangeNum = Ld, vh.rangeLog = jd, vh.rangeAsinh = Md, vh.orient = Tm, vh.pxRatio = Y, vh.join = Rf, vh.fmtDate = Zf, vh.tzDate = $f, vh.sync = Sm;
{
	vh.addGap = Am, vh.clipGaps = km;
	let e = vh.paths = { points: Wm };
	e.linear = Jm, e.stepped = Ym, e.bars = Zm, e.spline = $m;
}
// src/views/trail/toolbar/chart.ts
var yh = 86400, bh = 32, xh = 18, Sh = 40, Ch = 4, wh = 250;
function Th(e, t) {
	let { bars: n, height: r, getColours: i } = t, a = n[0]?.startMs ?? 0, o = n.at(-1)?.endMs ?? 1, s = Math.max(1, ...n.map((e) => e.successful + e.failed)), c = vh.paths.bars?.({
		size: [.82, 48],
		align: 0,
		gap: 0
	}), l = (e) => ({
		fill: e,
		width: 0,
		points: { show: !1 },
		...c ? { paths: c } : {}
	});
	return new vh({
		width: Math.max(e.clientWidth, 1),
		height: r,
		padding: [
			6,
			8,
			0,
			0
		],
		legend: { show: !1 },
		cursor: Eh(),
		scales: {
			x: {
				time: !0,
				range: () => [a / 1e3, o / 1e3]
			},
			y: { range: () => [0, s] }
		},
		axes: Dh(i, s, t.timeZone),
		series: [
			{},
			l(() => i().successful),
			l((e) => Ah(e, i()))
		],
		hooks: jh(t),
		...t.timeZone === void 0 ? {} : { tzDate: (e) => vh.tzDate(/* @__PURE__ */ new Date(e * 1e3), "Etc/UTC") }
	}, [
		n.map((e) => (e.startMs + e.endMs) / 2e3),
		n.map((e) => e.successful + e.failed),
		n.map((e) => e.failed)
	], e);
}
function Eh() {
	return {
		y: !1,
		points: { show: !1 },
		drag: {
			x: !0,
			y: !1,
			setScale: !1,
			dist: Ch
		},
		bind: { dblclick: () => null }
	};
}
function Dh(e, t, n) {
	let r = {
		stroke: () => e().text,
		font: "11px system-ui, sans-serif",
		ticks: { show: !1 },
		gap: 3
	};
	return [{
		...r,
		size: xh,
		space: 72,
		align: 1,
		grid: { show: !1 },
		values: (e, t, r, i, a) => {
			let o = e.over.clientWidth - bh, s = kh(a, n), c = kh(yh, n);
			return t.map((t) => e.valToPos(t, "x") > o ? "" : (a < yh && Oh(t, n) ? c : s).format(t * 1e3));
		}
	}, {
		...r,
		size: Sh,
		splits: () => t > 1 ? [
			0,
			Math.floor(t / 2),
			t
		] : [0, 1],
		values: (e, t) => t.map((e) => e === 0 ? "" : mn(e)),
		grid: {
			stroke: () => e().line,
			width: 1
		}
	}];
}
function Oh(e, t) {
	let n = /* @__PURE__ */ new Date(e * 1e3);
	return (t === void 0 ? n.getHours() : n.getUTCHours()) === 0;
}
function kh(e, t) {
	return e < yh ? new Intl.DateTimeFormat(un, {
		hour: "2-digit",
		minute: "2-digit",
		hourCycle: "h23",
		timeZone: t
	}) : e < 28 * yh ? new Intl.DateTimeFormat(un, {
		month: "short",
		day: "numeric",
		timeZone: t
	}) : new Intl.DateTimeFormat(un, {
		year: "numeric",
		month: "short",
		timeZone: t
	});
}
function Ah(e, t) {
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
function jh(e) {
	let t, n = (e, t) => e.posToVal(t, "x") * 1e3;
	return {
		setSelect: [(t) => {
			let { left: r, width: i } = t.select;
			i >= Ch && e.onBrush(n(t, r), n(t, r + i)), i > 0 && t.setSelect({
				left: 0,
				top: 0,
				width: 0,
				height: 0
			}, !1);
		}],
		setCursor: [(t) => {
			let { left: r } = t.cursor;
			e.onHover(r === void 0 || r < 0 ? null : Mh(e.bars, n(t, r)));
		}],
		ready: [(r) => {
			r.over.addEventListener("click", (i) => {
				if (clearTimeout(t), i.detail > 1) return;
				let a = Mh(e.bars, n(r, i.offsetX));
				t = setTimeout(() => a !== null && e.onClick(a), wh);
			}), r.over.addEventListener("dblclick", () => e.onBack());
		}],
		destroy: [() => clearTimeout(t)]
	};
}
function Mh(e, t) {
	let n = e.findIndex((e) => e.startMs <= t && t < e.endMs);
	return n < 0 ? null : n;
}
// src/views/trail/toolbar/canvas.tsx
function Nh(e) {
	let { preferences: t } = z(), n = R(null), r = R(null), i = R(e);
	return i.current = e, L(() => {
		let t = n.current;
		if (t === null || e.bars.length === 0) return;
		let a = Th(t, {
			bars: e.bars,
			timeZone: e.timeZone,
			height: t.clientHeight,
			getColours: () => Ph(t),
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
	}, [e.bars, e.timeZone]), Nt(() => {
		t.value.theme, requestAnimationFrame(() => r.current?.redraw());
	}), L(() => {
		let e = window.matchMedia("(prefers-color-scheme: dark)"), t = () => r.current?.redraw();
		return e.addEventListener("change", t), () => e.removeEventListener("change", t);
	}, []), /* @__PURE__ */ q("div", {
		ref: n,
		class: "toolbar-histogram-canvas",
		"aria-hidden": "true"
	});
}
function Ph(e) {
	let t = getComputedStyle(e);
	return {
		successful: t.color,
		failed: t.outlineColor,
		surface: t.backgroundColor,
		text: t.caretColor,
		line: t.borderTopColor
	};
}
// src/views/trail/toolbar/labels.ts
var Fh = (e) => e === "utc" ? "UTC" : void 0;
function Ih(e, t) {
	return e.kind === "all" ? G.range.longAll : e.kind === "preset" ? G.range.longPresets[e.preset] : Lh(Date.parse(e.start), Date.parse(e.end), t);
}
function Lh(e, t, n) {
	let r = new Date(e).getFullYear() === (/* @__PURE__ */ new Date()).getFullYear();
	return new Intl.DateTimeFormat(un, {
		...r ? {} : { year: "numeric" },
		month: "short",
		day: "numeric",
		hour: "2-digit",
		minute: "2-digit",
		hourCycle: "h23",
		timeZone: Fh(n)
	}).formatRange(e, t);
}
function Rh(e, t) {
	return new Intl.DateTimeFormat(un, {
		weekday: "short",
		month: "short",
		day: "numeric",
		timeZone: "UTC"
	}).formatRange(e, t - 1);
}
function zh(e) {
	if (e === "utc") return "UTC";
	let t = new Intl.DateTimeFormat(un, { timeZoneName: "shortOffset" }), n = t.formatToParts().find(({ type: e }) => e === "timeZoneName")?.value, r = t.resolvedOptions().timeZone;
	return n === void 0 || n === r ? r : `${r} (${n})`;
}
// src/views/trail/toolbar/legend.tsx
function Bh({ summary: e, hovered: t, isByDay: n, zone: r, intervals: i, filters: a, onBack: o }) {
	let s = t ?? e, c = Dl(a).map((e) => G.filters.names[e]);
	return /* @__PURE__ */ q("p", {
		class: "toolbar-histogram-legend",
		children: [
			s === null ? /* @__PURE__ */ q("span", { children: G.histogram.loading }) : /* @__PURE__ */ q(S, { children: [
				/* @__PURE__ */ q("span", {
					class: "toolbar-histogram-events",
					children: t ? Hh(t, n, r) : Vh(s.successful + s.failed)
				}),
				/* @__PURE__ */ q("span", {
					class: "toolbar-histogram-key toolbar-histogram-key-successful",
					children: G.histogram.succeeded(K(s.successful))
				}),
				/* @__PURE__ */ q("span", {
					class: "toolbar-histogram-key toolbar-histogram-key-failed",
					children: G.histogram.failed(K(s.failed))
				}),
				!t && /* @__PURE__ */ q("span", {
					class: "toolbar-histogram-quiet",
					children: G.histogram.interval[n ? "day" : "hour"](i)
				})
			] }),
			e && /* @__PURE__ */ q("span", {
				class: "toolbar-hidden",
				children: Uh(e, n, r)
			}),
			c.length > 0 && /* @__PURE__ */ q("span", {
				class: "toolbar-histogram-ignored",
				children: G.histogram.ignores(c.join(", "))
			}),
			o && /* @__PURE__ */ q("button", {
				type: "button",
				class: "toolbar-button-quiet",
				onClick: o,
				children: G.histogram.back
			})
		]
	});
}
function Vh(e) {
	return e === 1 ? G.histogram.oneEvent : G.histogram.events(K(e));
}
function Hh(e, t, n) {
	return t ? Rh(e.startMs, e.endMs) : Lh(e.startMs, e.endMs, n);
}
function Uh({ busiest: e }, t, n) {
	if (e === null) return G.histogram.empty;
	let r = Vh(e.successful + e.failed);
	return `${G.histogram.busiest(Hh(e, t, n), r)} ${G.histogram.help}`;
}
function Wh({ bars: e, isByDay: t, zone: n }) {
	let { table: r } = G.histogram, i = e.filter((e) => e.successful + e.failed > 0);
	return i.length === 0 ? null : /* @__PURE__ */ q("div", {
		class: "toolbar-hidden",
		children: /* @__PURE__ */ q("table", { children: [
			/* @__PURE__ */ q("caption", { children: r.caption }),
			/* @__PURE__ */ q("thead", { children: /* @__PURE__ */ q("tr", { children: [
				/* @__PURE__ */ q("th", {
					scope: "col",
					children: r.start
				}),
				/* @__PURE__ */ q("th", {
					scope: "col",
					children: r.succeeded
				}),
				/* @__PURE__ */ q("th", {
					scope: "col",
					children: r.failed
				})
			] }) }),
			/* @__PURE__ */ q("tbody", { children: i.map((e) => /* @__PURE__ */ q("tr", { children: [
				/* @__PURE__ */ q("th", {
					scope: "row",
					children: Hh(e, t, n)
				}),
				/* @__PURE__ */ q("td", { children: K(e.successful) }),
				/* @__PURE__ */ q("td", { children: K(e.failed) })
			] }, e.startMs)) })
		] })
	});
}
// src/views/trail/toolbar/series.ts
var Gh = 36e5, Kh = 24 * Gh, qh = 8 * Kh, Jh = 200, Yh = 24;
function Xh(e, t, n) {
	let r = Object.fromEntries(Ft.map((e) => [e, t[e]])), i = Zh(n);
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
			...Qh(n, i, t),
			interval: i
		})
	};
}
function Zh(e) {
	return e.kind === "all" ? "day" : (e.kind === "preset" ? It[e.preset] * 36e5 : Date.parse(e.end) - Date.parse(e.start)) <= qh ? "hour" : "day";
}
function Qh(e, t, n) {
	if (e.kind === "preset") return { startDate: $h(n - It[e.preset] * Gh) };
	let r = e.kind === "fixed" ? Date.parse(e.end) - 1 : n, i = Math.max(0, Math.floor(r / Kh - 3659) * Kh), a = e.kind === "fixed" ? Date.parse(e.start) : i, o = $h(t === "day" ? Math.max(a, i) : a);
	return e.kind === "fixed" ? {
		startDate: o,
		endDate: $h(r)
	} : { startDate: o };
}
var $h = (e) => new Date(e).toISOString();
function eg(e, t, n) {
	let r = t === "hour" ? Gh : Kh, i = (e.series ?? []).map(({ start: e, successful: t, failed: n }) => {
		let i = Date.parse(e);
		return {
			startMs: i,
			endMs: i + r,
			successful: t,
			failed: n
		};
	}), a = i.findIndex((e) => e.successful + e.failed > 0), o = n ? Math.min(a < 0 ? i.length : a, i.length - Yh) : 0, s = i.slice(Math.max(o, 0)), c = Math.max(1, Math.ceil(s.length / Jh)), l = [];
	for (let e = 0; e < s.length; e += c) l.push(tg(s.slice(e, e + c)));
	return {
		bars: l,
		intervals: c
	};
}
function tg(e) {
	return e.reduce((e, t) => ({
		startMs: e.startMs,
		endMs: t.endMs,
		successful: e.successful + t.successful,
		failed: e.failed + t.failed
	}));
}
function ng(e, t, n) {
	let r = e.filter((e) => e.startMs <= n && e.endMs > t), [i] = r, a = r.at(-1);
	return i === void 0 || a === void 0 ? null : {
		kind: "fixed",
		start: $h(i.startMs),
		end: $h(a.endMs)
	};
}
function rg(e) {
	let t = null, n = 0, r = 0;
	for (let i of e) n += i.successful, r += i.failed, i.successful + i.failed > (t ? t.successful + t.failed : 0) && (t = i);
	return {
		successful: n,
		failed: r,
		busiest: t
	};
}
function ig(e, t) {
	return t === void 0 ? e : e.map((e) => t === "true" ? {
		...e,
		failed: 0
	} : {
		...e,
		successful: 0
	});
}
// src/views/trail/toolbar/statistics-source.ts
var ag = {
	statistics: null,
	request: null,
	error: null,
	isLoading: !0
}, og = 6e4;
function sg(e, t, n, r) {
	let [i, a] = I(ag), [o, s] = I(0);
	L(() => {
		let n = new AbortController();
		return a((e) => ({
			...e,
			isLoading: !0,
			error: null
		})), e.getStatistics(t.query(Date.now()), n.signal).then((e) => {
			n.signal.aborted || (a({
				statistics: e,
				request: t,
				error: null,
				isLoading: !1
			}), r(e));
		}, (e) => {
			n.signal.aborted || a({
				statistics: null,
				request: null,
				error: e,
				isLoading: !1
			});
		}), () => n.abort();
	}, [t.key, o]);
	let c = () => s((e) => e + 1);
	return L(() => {
		let e = null, t = setInterval(() => {
			let t = n.peek();
			document.hidden || t === null || t === e || (e !== null && c(), e = t);
		}, og), r = n.subscribe((t) => {
			e ??= t;
		});
		return () => {
			clearInterval(t), r();
		};
	}, [n, t.key]), [i, c];
}
// src/views/trail/toolbar/count-failure.tsx
function cg({ error: e, retry: t }) {
	let n = e instanceof pe ? e.kind : "failed", [r, i] = G.failures[n], a = e instanceof pe && n === "invalid" ? e.message : i;
	return /* @__PURE__ */ q("div", {
		class: "toolbar-histogram-failure",
		role: "alert",
		children: [/* @__PURE__ */ q("span", { children: [
			/* @__PURE__ */ q("strong", { children: ["⚠ ", n === "invalid" ? G.filters.refused : r] }),
			" ",
			a
		] }), /* @__PURE__ */ q("button", {
			type: "button",
			class: "toolbar-button",
			onClick: t,
			children: G.histogram.retry
		})]
	});
}
// src/views/trail/toolbar/histogram.tsx
function lg({ suggestions: e, items: t }) {
	let { api: n, navigation: r, preferences: i } = z(), { zone: a } = i.value, { tenantId: o, filters: s, range: c } = r.place.value, l = Fe(() => ut(() => t.value[0]?.id ?? null), [t]), [u, d] = sg(n, Xh(o, s, c), l, (t) => e.remember(o, t)), [f, p] = I(null), m = ug(c, (e) => r.go({ range: e })), { statistics: h, request: g } = u, _ = Fe(() => h && g ? eg(h, g.interval, c.kind === "all") : null, [h]), v = Fe(() => _ ? ig(_.bars, s.success) : [], [_, s.success]);
	L(() => p(null), [v]);
	let y = g?.interval === "day", b = (e, t) => {
		let n = ng(v, e, t);
		n && m.enter(n);
	};
	return u.error === null ? /* @__PURE__ */ q("section", {
		class: "toolbar-histogram",
		"aria-label": G.histogram.label,
		"aria-busy": u.isLoading,
		children: [
			/* @__PURE__ */ q(Bh, {
				summary: _ && rg(v),
				hovered: f === null ? null : v[f] ?? null,
				isByDay: y,
				zone: a,
				intervals: _?.intervals ?? 1,
				filters: s,
				onBack: c.kind === "fixed" ? m.leave : null
			}),
			/* @__PURE__ */ q(Nh, {
				bars: v,
				timeZone: y ? "UTC" : Fh(a),
				onBrush: b,
				onClick: (e) => {
					let t = v[e];
					t && b(t.startMs, t.endMs - 1);
				},
				onBack: m.leave,
				onHover: p
			}),
			/* @__PURE__ */ q(Wh, {
				bars: v,
				isByDay: y,
				zone: a
			})
		]
	}) : /* @__PURE__ */ q(cg, {
		error: u.error,
		retry: d
	});
}
function ug(e, t) {
	let n = R([]);
	return {
		enter(r) {
			JSON.stringify(r) !== JSON.stringify(e) && (n.current.push(e), t(r));
		},
		leave() {
			let r = n.current.pop();
			r === void 0 ? e.kind === "fixed" && t(Lt) : t(r);
		}
	};
}
// src/views/trail/toolbar/picker.ts
var dg = 6e4;
function fg(e, t) {
	if (t === "utc") return new Date(e).toISOString().slice(0, 16);
	let n = new Date(e), r = (e) => String(e).padStart(2, "0");
	return `${`${n.getFullYear()}-${r(n.getMonth() + 1)}-${r(n.getDate())}`}T${r(n.getHours())}:${r(n.getMinutes())}`;
}
var pg = (e, t) => Date.parse(t === "utc" ? `${e}Z` : e);
function mg(e, t, n) {
	let r = pg(e, n), i = pg(t, n);
	return !e || !t || Number.isNaN(r) || Number.isNaN(i) ? "missing" : r >= i ? "reversed" : {
		kind: "fixed",
		start: new Date(r).toISOString(),
		end: new Date(i).toISOString()
	};
}
function hg(e, t, n) {
	if (e.kind === "fixed") return {
		startMs: Date.parse(e.start),
		endMs: Date.parse(e.end)
	};
	let r = Math.ceil(n / dg) * dg;
	return {
		startMs: r - t * 60 * dg,
		endMs: r
	};
}
// src/views/trail/toolbar/range.tsx
var gg = Object.keys(It);
function _g() {
	let { navigation: e, preferences: t } = z(), { zone: n } = t.value, { range: r } = e.place.value, i = (t) => e.go({ range: t });
	return /* @__PURE__ */ q("div", {
		class: "toolbar-segments",
		role: "group",
		"aria-label": G.range.label,
		children: [
			gg.map((e) => /* @__PURE__ */ q("button", {
				type: "button",
				"aria-label": G.range.longPresets[e],
				"aria-pressed": r.kind === "preset" && r.preset === e,
				onClick: () => i({
					kind: "preset",
					preset: e
				}),
				children: G.range.presets[e]
			}, e)),
			/* @__PURE__ */ q("button", {
				type: "button",
				"aria-label": G.range.longAll,
				"aria-pressed": r.kind === "all",
				onClick: () => i({ kind: "all" }),
				children: G.range.all
			}),
			/* @__PURE__ */ q(hl, {
				title: G.range.customTitle,
				label: r.kind === "fixed" ? Ih(r, n) : G.range.custom,
				pressed: r.kind === "fixed",
				children: (e) => /* @__PURE__ */ q(vg, {
					range: r,
					zone: n,
					onCancel: e,
					onApply: (t) => {
						i(t), e();
					}
				})
			})
		]
	});
}
function vg({ range: e, zone: t, onApply: n, onCancel: r }) {
	let { startMs: i, endMs: a } = hg(e, It[e.kind === "preset" ? e.preset : Lt.preset], Date.now()), o = Et(fg(i, t)), s = Et(fg(a, t)), c = Et(null), l = Le();
	return /* @__PURE__ */ q("form", {
		class: "toolbar-form",
		onSubmit: (e) => {
			e.preventDefault();
			let r = mg(o.value, s.value, t);
			typeof r == "string" ? c.value = r : n(r);
		},
		noValidate: !0,
		children: [
			/* @__PURE__ */ q("label", {
				for: `${l}-from`,
				children: G.range.from
			}),
			/* @__PURE__ */ q("input", {
				id: `${l}-from`,
				type: "datetime-local",
				value: o.value,
				onInput: (e) => o.value = e.currentTarget.value
			}),
			/* @__PURE__ */ q("label", {
				for: `${l}-to`,
				children: G.range.to
			}),
			/* @__PURE__ */ q("input", {
				id: `${l}-to`,
				type: "datetime-local",
				value: s.value,
				"aria-invalid": c.value !== null,
				"aria-describedby": `${l}-hint`,
				onInput: (e) => s.value = e.currentTarget.value
			}),
			/* @__PURE__ */ q("p", {
				id: `${l}-hint`,
				class: c.value ? "toolbar-form-problem" : "toolbar-form-hint",
				"aria-live": "polite",
				children: c.value ? `⚠ ${G.range[c.value]}` : G.range.zone(zh(t))
			}),
			/* @__PURE__ */ q("p", {
				class: "toolbar-form-buttons",
				children: [/* @__PURE__ */ q("button", {
					type: "submit",
					class: "toolbar-button-main",
					children: G.range.apply
				}), /* @__PURE__ */ q("button", {
					type: "button",
					class: "toolbar-button",
					onClick: r,
					children: G.range.cancel
				})]
			})
		]
	});
}
// src/views/trail/toolbar/suggestions.ts
var yg = 500, bg = "(other)";
function xg() {
	let e = H({}), t = "";
	return {
		known: e,
		remember(n, r) {
			let i = t === n ? e.peek() : {};
			t = n;
			let a = r.actionBreakdown.map(({ action: e }) => e), o = r.resourceTypeBreakdown.map(({ resourceType: e }) => e);
			e.value = {
				...i,
				action: Cg(i.action, [...a, ...Sg(a)]),
				resourceType: Cg(i.resourceType, o)
			};
		},
		see(t) {
			let n = t.flatMap((e) => "userId" in e && e.userId ? [e.userId] : []);
			e.value = {
				...e.peek(),
				userId: Cg(e.peek().userId, n)
			};
		},
		use(t, n) {
			e.value = {
				...e.peek(),
				[t]: Cg([n], e.peek()[t] ?? [])
			};
		}
	};
}
function Sg(e) {
	let t = /* @__PURE__ */ new Map();
	for (let n of e) {
		let e = /^[^.:/]+[.:/]/.exec(n)?.[0];
		e && t.set(e, (t.get(e) ?? 0) + 1);
	}
	return [...t].filter(([, e]) => e > 1).map(([e]) => `${e}*`);
}
function Cg(e = [], t) {
	return [.../* @__PURE__ */ new Set([...e, ...t])].filter((e) => e !== bg).slice(0, yg);
}
// src/views/trail/toolbar.tsx
function wg({ items: e }) {
	let { api: t, navigation: n, preferences: r } = z(), i = R(null), { filters: a, range: o } = n.place.value, s = Fe(xg, []), c = Fe(() => pu(t), [t]), [l, u] = I(!1);
	return L(() => i.current ? vs(i.current, () => u(!0)) : void 0, []), /* @__PURE__ */ q("section", {
		ref: i,
		class: "toolbar",
		"aria-label": G.filters.region,
		children: [
			/* @__PURE__ */ q("button", {
				type: "button",
				class: "toolbar-button toolbar-fold",
				"aria-expanded": l,
				onClick: () => u(!l),
				children: [
					/* @__PURE__ */ q("span", {
						"aria-hidden": "true",
						children: l ? "▾" : "▸"
					}),
					" ",
					G.filters.fold(Object.keys(a).length, Ih(o, r.value.zone))
				]
			}),
			/* @__PURE__ */ q("div", {
				class: l ? "toolbar-row toolbar-row-open" : "toolbar-row",
				children: [
					/* @__PURE__ */ q(Ml, {
						suggestions: s,
						items: e
					}),
					/* @__PURE__ */ q(_g, {}),
					/* @__PURE__ */ q(cu, { exports: c })
				]
			}),
			Ol(a) && /* @__PURE__ */ q("p", {
				class: "toolbar-hint",
				children: G.filters.slow
			}),
			/* @__PURE__ */ q(lg, {
				suggestions: s,
				items: e
			}),
			/* @__PURE__ */ q(mu, { exports: c })
		]
	});
}
// src/views/trail/trail.tsx
function Tg() {
	let { navigation: e } = z(), { eventId: t, tenantId: n } = e.place.value, [r, i] = Eg(), a = Et(!1);
	return /* @__PURE__ */ q("div", {
		class: "trail",
		"data-open": t !== null || void 0,
		children: [/* @__PURE__ */ q("div", {
			class: "trail-toolbar",
			children: /* @__PURE__ */ q(wg, { items: i.items })
		}), /* @__PURE__ */ q("div", {
			class: "trail-body",
			children: [/* @__PURE__ */ q(fl, {
				trail: i,
				isLive: a
			}, r), t !== null && /* @__PURE__ */ q(Dg, {
				id: t,
				tenantId: n
			})]
		})]
	});
}
function Eg() {
	let { api: e, navigation: t } = z(), { tenantId: n, filters: r, range: i } = t.place.value, a = JSON.stringify([
		n,
		Object.entries(r).sort(),
		i
	]), o = Fe(() => sn(e, {
		tenantId: n,
		filters: r,
		range: i
	}), [e, a]);
	return L(() => (o.reload(), () => o.dispose()), [o]), [a, o];
}
function Dg({ id: e, tenantId: t }) {
	let n = R(null);
	return L(() => {
		let e = n.current?.previousElementSibling;
		e && getComputedStyle(e).visibility === "hidden" && n.current?.focus();
	}, []), /* @__PURE__ */ q("div", {
		class: "trail-event",
		ref: n,
		tabIndex: -1,
		children: /* @__PURE__ */ q(cs, {
			id: e,
			tenantId: t
		}, e)
	});
}
// src/element.tsx
var Og = class extends HTMLElement {
	getToken = async () => null;
	connectedCallback() {
		let e = this.shadowRoot ?? this.attachShadow({ mode: "open" }), t = new CSSStyleSheet();
		t.replaceSync(Yt), e.adoptedStyleSheets = [t];
		let n = this.getAttribute("api") ?? "", r = {
			settings: { api: n },
			api: he(n, () => this.getToken()),
			navigation: Ut({ tenantId: this.getAttribute("tenant") ?? "" }),
			preferences: Kt(null)
		};
		de(/* @__PURE__ */ q(Ke.Provider, {
			value: r,
			children: /* @__PURE__ */ q(Tg, {})
		}), e);
	}
	disconnectedCallback() {
		this.shadowRoot && de(null, this.shadowRoot);
	}
};
customElements.define("audit-trail", Og);
export { Og as AuditTrail };
