package demo

import (
	"fmt"
	"image/color"
	"strconv"
)

const peopleDN = "ou=people," + BaseDN

// person is a row of the table of people. What is left empty the entry does not
// have.
type person struct {
	uid, given, surname string
	// own is the name as its bearer writes it, where that is not given and surname.
	own                      string
	title, department        string
	city, room, language     string
	manager, assistant, note string
	contractor               bool
	photo                    color.Color
}

// people are made up. They show what directories hold besides ASCII: accents,
// other scripts, an apostrophe, a letter whose lower case is two letters long.
var people = []person{
	{uid: "ada.moreau", given: "Ada", surname: "Moreau", title: "Managing Director", department: "100",
		city: "Genève", room: "1.01", language: "fr, en;q=0.8", assistant: "grace.obrien", photo: color.RGBA{R: 0x2f, G: 0x6f, B: 0xb0, A: 0xff},
		note: "Founded the company and still answers the telephone."},
	{uid: "bjorn.asgeirsson", given: "Björn", surname: "Ásgeirsson", title: "Head of Engineering", department: "200",
		city: "Reykjavík", room: "2.01", language: "is, en;q=0.9", manager: "ada.moreau"},
	{uid: "chidi.okonkwo", given: "Chidi", surname: "Okonkwo", title: "Systems Administrator", department: "210",
		city: "Lagos", room: "0.12", language: "en, ig;q=0.7", manager: "bjorn.asgeirsson", photo: color.RGBA{R: 0x3c, G: 0x9a, B: 0x5f, A: 0xff},
		note: "Looks after this directory."},
	{uid: "deniz.yildiz", given: "Deniz", surname: "Yıldız", title: "Software Engineer", department: "200",
		city: "İstanbul", room: "2.04", language: "tr", manager: "bjorn.asgeirsson"},
	{uid: "eunji.park", given: "Eun-ji", surname: "Park", own: "박은지", title: "Software Engineer", department: "200",
		city: "서울", room: "2.05", language: "ko, en;q=0.6", manager: "bjorn.asgeirsson"},
	{uid: "fatima.benali", given: "Fatima", surname: "Benali", own: "فاطمة بنعلي", title: "Head of Research", department: "300",
		city: "Fès", room: "3.01", language: "ar, fr;q=0.8", manager: "ada.moreau"},
	{uid: "grace.obrien", given: "Grace", surname: "O'Brien", title: "Office Manager", department: "110",
		city: "Cork", room: "1.02", language: "en-IE, ga;q=0.5", manager: "ada.moreau"},
	{uid: "hiroshi.tanaka", given: "Hiroshi", surname: "Tanaka", own: "田中 浩", title: "Research Scientist", department: "300",
		city: "大阪", room: "3.03", language: "ja", manager: "fatima.benali"},
	{uid: "ines.fernandez", given: "Inés", surname: "Fernández Núñez", title: "Accountant", department: "110",
		city: "Sevilla", room: "1.03", language: "es", manager: "grace.obrien", contractor: true,
		note: "Here on Tuesdays and Thursdays."},
	{uid: "juergen.weiss", given: "Jürgen", surname: "Weiß", title: "Network Engineer", department: "210",
		city: "München", room: "0.13", language: "de", manager: "chidi.okonkwo"},
	{uid: "kiran.rao", given: "Kiran", surname: "Rao", own: "ಕಿರಣ್ ರಾವ್", title: "Research Scientist", department: "300",
		city: "Bengaluru", room: "3.04", language: "kn, en;q=0.9", manager: "fatima.benali", contractor: true},
	{uid: "lukasz.wojcik", given: "Łukasz", surname: "Wójcik", title: "Support Engineer", department: "210",
		city: "Kraków", room: "0.14", language: "pl, en;q=0.8", manager: "chidi.okonkwo"},
}

func personDN(uid string) string { return "uid=" + uid + "," + peopleDN }

// record turns a row into an entry; the number is its place in the table.
func (p person) record(number int) (record, error) {
	lines := []string{
		"objectClass: top", "objectClass: person", "objectClass: organizationalPerson", "objectClass: inetOrgPerson",
		"uid: " + p.uid,
		"cn: " + p.given + " " + p.surname,
		"sn: " + p.surname,
		"givenName: " + p.given,
		"displayName: " + p.displayName(),
		"title: " + p.title,
		"mail: " + p.uid + "@example.com",
		// 555-0100 to 555-0199 are set aside for fiction.
		fmt.Sprintf("telephoneNumber: +1 202 555 %04d", 100+number),
		"employeeNumber: " + strconv.Itoa(1001+number),
		"employeeType: " + p.employeeType(),
		"departmentNumber: " + p.department,
		"roomNumber: " + p.room,
		"l: " + p.city,
		"postalAddress: Example Organization$Room " + p.room + "$" + p.city,
		"preferredLanguage: " + p.language,
		"labeledURI: https://www.example.com/people/" + p.uid + " Home page",
	}
	if p.own != "" {
		lines = append(lines, "cn: "+p.own)
	}
	if p.manager != "" {
		lines = append(lines, "manager: "+personDN(p.manager))
	}
	if p.assistant != "" {
		lines = append(lines, "secretary: "+personDN(p.assistant))
	}
	if p.note != "" {
		lines = append(lines, "description: "+p.note)
	}
	if p.photo != nil {
		photo, err := portrait(p.photo)
		if err != nil {
			return record{}, fmt.Errorf("portrait of %s: %w", p.uid, err)
		}
		lines = append(lines, "jpegPhoto: "+photo)
	}
	return record{dn: personDN(p.uid), structural: "inetOrgPerson", lines: lines}, nil
}

func (p person) displayName() string {
	if p.own != "" {
		return p.own
	}
	return p.given + " " + p.surname
}

func (p person) employeeType() string {
	if p.contractor {
		return "Contractor"
	}
	return "Employee"
}
